/* From the lock to the planner, from its plan to the next lock, and what is published of it. */
#include "check.h"

#include "layer/layer_name.h"
#include "layer/lock_ledger.h"
#include "layer/lock_names.h"
#include "layer/lock_plan.h"

#include <shared/arena.h>

#define SHA "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static struct shared_arena arena;

/* Two contents at lib/a, one at lib/b and lib/c each; catalog has a1 b, playback a2 b, search a1 c. */
static struct layer_item items[] = {
    {.place = "lib/a", .digest = {{1}}, .zip_bytes = 10, .unzipped_bytes = 100, .shadowed = true},
    {.place = "lib/a", .digest = {{2}}, .zip_bytes = 11, .unzipped_bytes = 101, .shadowed = true},
    {.place = "lib/b", .digest = {{3}}, .zip_bytes = 12, .unzipped_bytes = 102},
    {.place = "lib/c", .digest = {{4}}, .zip_bytes = 13, .unzipped_bytes = 103},
};
static size_t carried[3][2] = {{0, 2}, {1, 2}, {0, 3}};
static struct layer_function functions[3] = {
    {.name = "catalog", .items = {carried[0], 2}},
    {.name = "playback", .items = {carried[1], 2}},
    {.name = "search", .items = {carried[2], 2}},
};
static const struct lock_zip zips[3] = {
    {.zip_bytes = 1, .unzipped_bytes = 2, .sha256 = SHA, .content = {{7}}},
    {.zip_bytes = 3, .unzipped_bytes = 4, .sha256 = SHA},
    {.zip_bytes = 5, .unzipped_bytes = 6, .sha256 = SHA}};

static struct layer_problem problem_of(void)
{
    return (struct layer_problem){
        .project = "video", .items = items, .item_count = 4, .functions = functions, .function_count = 3};
}

/* One layer with lib/a as catalog and search have it, one with lib/b; the three functions attach as they may. */
static struct layer_plan plan_of(void)
{
    static size_t sets[2][1] = {{0}, {2}};
    static size_t attached[3][2] = {{0, 1}, {1}, {0}};
    static struct layer_planned layers[2];
    static struct layer_set attachments[3];
    layers[0] = (struct layer_planned){.name = "video-a", .items = {sets[0], 1}};
    layers[1] = (struct layer_planned){.name = "video-b", .items = {sets[1], 1}};
    attachments[0] = (struct layer_set){attached[0], 2};
    attachments[1] = (struct layer_set){attached[1], 1};
    attachments[2] = (struct layer_set){attached[2], 1};
    return (struct layer_plan){.layers = layers, .count = 2, .attached = attachments};
}

static struct lock_file lock_of(const struct layer_problem *problem, const struct layer_plan *plan,
                                const struct lock_file *last)
{
    const struct lock_plan made = {.project = "video",
                                   .architecture = "x86_64",
                                   .problem = problem,
                                   .plan = plan,
                                   .functions = zips,
                                   .layers = zips,
                                   .last = last};
    struct lock_file lock;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(lock_from_plan(&made, &arena, &lock, &err), 0))
        fprintf(stderr, "%s\n", err.text);
    return lock;
}

static struct lock_file first_lock(void)
{
    const struct layer_problem problem = problem_of();
    const struct layer_plan plan = plan_of();
    const struct lock_file none = {0};
    return lock_of(&problem, &plan, &none);
}

/* What lib/a of catalog and of search is. */
static void set_digest(size_t item, unsigned char first)
{
    items[item].digest.bytes[0] = first;
}

static void test_from_plan(void)
{
    struct lock_file lock = first_lock();
    CHECK_NUMBER(lock.function_count, 3);
    CHECK_TEXT(lock.functions[0].name, "catalog");
    CHECK_NUMBER(lock.functions[0].layer_count, 2);
    CHECK_TEXT(lock.functions[0].layers[1], "video-b");
    CHECK_NUMBER(lock.functions[2].zip.zip_bytes, 5);
    CHECK_NUMBER(lock.functions[0].zip.content.bytes[0], 7);
    CHECK_NUMBER(lock.layer_count, 2);
    CHECK_TEXT(lock.layers[0].items[0].place, "lib/a");
    CHECK_NUMBER(lock.layers[1].zip.zip_bytes, 3);
    /* The layer says nothing of the second content of lib/a, so that is noted: not as a change. */
    CHECK_NUMBER(lock.change_count, 1);
    CHECK_TEXT(lock.changes[0].place, "lib/a");
    CHECK_NUMBER(lock.changes[0].count, 0);
    struct lock_file read;
    struct shared_slice text = lock_file_text(&lock, &arena);
    CHECK_NUMBER(lock_file_parse("l", text, &arena, &read, NULL), 0);
    CHECK_BYTES(lock_file_text(&read, &arena), text);
}

/* Packed again, nothing is counted, whatever functions differ in; this is what makes packs the same. */
static void test_same_again(void)
{
    struct lock_file lock = first_lock();
    struct shared_slice text = lock_file_text(&lock, &arena);
    for (int i = 0; i < 3; i++) {
        struct layer_problem problem = problem_of();
        const struct layer_plan plan = plan_of();
        CHECK_NUMBER(lock_to_plan(&lock, &problem, &arena, NULL), 0);
        lock = lock_of(&problem, &plan, &lock);
        CHECK_BYTES(lock_file_text(&lock, &arena), text);
    }
}

static void test_changes(void)
{
    struct lock_file lock = first_lock();
    static const struct {
        size_t item;
        unsigned char digest;
        uint64_t a, b; /* afterwards; b UINT64_MAX: no entry */
    } rows[] = {
        {2, 30, 0, 1}, /* lib/b, which the layer has had since as it was: a shadowed copy */
        {2, 30, 0, 1}, {2, 31, 0, 2}, {1, 20, 1, 2}, {3, 40, 1, 2}, /* lib/c is in no layer: nobody asks */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct layer_problem problem = problem_of();
        struct layer_plan plan = plan_of();
        set_digest(rows[i].item, rows[i].digest);
        CHECK_NUMBER(lock_to_plan(&lock, &problem, &arena, NULL), 0);
        lock = lock_of(&problem, &plan, &lock);
        const struct lock_change *a = lock_find_change(&lock, "lib/a"), *b = lock_find_change(&lock, "lib/b");
        CHECK_NUMBER(a->count, rows[i].a);
        CHECK_NUMBER(b ? b->count : 99, rows[i].b);
        CHECK(!lock_find_change(&lock, "lib/c"));
        CHECK_NUMBER(lock.layers[1].items[0].changes, rows[i].b);
    }
    struct layer_problem problem = problem_of();
    CHECK_NUMBER(lock_to_plan(&lock, &problem, &arena, NULL), 0);
    CHECK_NUMBER(problem.items[2].changes, 2);
    CHECK_NUMBER(problem.items[3].changes, 0);
    /* Nobody carries lib/b any more: it is forgotten. */
    struct layer_function fewer[1] = {functions[2]};
    problem.functions = fewer;
    problem.function_count = 1;
    struct layer_set none[1] = {{0}};
    struct layer_plan plan = {.attached = none};
    lock = lock_of(&problem, &plan, &lock);
    CHECK_NUMBER(lock.change_count, 1);
    CHECK(lock_find_change(&lock, "lib/a") != NULL);
    set_digest(1, 2);
    set_digest(2, 3);
    set_digest(3, 4);
}

static void test_to_plan(void)
{
    struct lock_file lock = first_lock();
    struct layer_problem problem = problem_of();
    set_digest(0, 50); /* lib/a is another one now, and lib/b is the same */
    CHECK_NUMBER(lock_to_plan(&lock, &problem, &arena, NULL), 0);
    CHECK_NUMBER(problem.item_count, 5);
    CHECK(memcmp(problem.items, items, sizeof(items)) == 0);
    CHECK_TEXT(problem.items[4].place, "lib/a");
    CHECK_NUMBER(problem.items[4].digest.bytes[0], 1);
    CHECK(problem.items[4].shadowed);
    CHECK_NUMBER(problem.last_count, 2);
    CHECK_TEXT(problem.last[0].name, "video-a");
    CHECK_NUMBER(problem.last[0].items.items[0], 4);
    CHECK_NUMBER(problem.last[0].zip_bytes, 1);
    CHECK_NUMBER(problem.last[0].users, 2);
    CHECK_NUMBER(problem.last[1].items.items[0], 2);
    CHECK_NUMBER(problem.last[1].users, 2);
    CHECK_NUMBER(problem.last_attached[0].count, 2);
    CHECK_NUMBER(problem.last_attached[1].items[0], 1);
    CHECK_NUMBER(problem.last_attached[2].items[0], 0);
    set_digest(0, 1);
}

/* One old item in two layers is one item; functions that are new attach nothing; the order of items does not matter. */
static void test_to_plan_twice(void)
{
    struct layer_item one[] = {{.place = "lib/b", .digest = {{3}}}, {.place = "x", .digest = {{9}}}};
    struct layer_item other[] = {{.place = "lib/a", .digest = {{2}}}, {.place = "x", .digest = {{9}}}};
    struct lock_layer layers[] = {{.name = "l1", .items = one, .item_count = 2},
                                  {.name = "l2", .items = other, .item_count = 2}};
    const char *both[] = {"l2", "l1"};
    struct lock_function function = {.name = "search", .layers = both, .layer_count = 2};
    const struct lock_file lock = {
        .project = "video", .functions = &function, .function_count = 1, .layers = layers, .layer_count = 2};
    struct layer_item shuffled[] = {items[3], items[1], items[2], items[0]};
    struct layer_problem problem = problem_of();
    problem.items = shuffled;
    CHECK_NUMBER(lock_to_plan(&lock, &problem, &arena, NULL), 0);
    CHECK_NUMBER(problem.item_count, 5);
    CHECK_TEXT(problem.items[4].place, "x");
    CHECK_NUMBER(problem.last[0].items.items[0], 2);
    CHECK_NUMBER(problem.last[0].items.items[1], 4);
    CHECK_NUMBER(problem.last[1].items.items[0], 1);
    CHECK_NUMBER(problem.last[1].items.items[1], 4);
    CHECK_NUMBER(problem.last_attached[0].count, 0);
    CHECK_NUMBER(problem.last_attached[2].items[0], 0);
    CHECK_NUMBER(problem.last_attached[2].items[1], 1);
}

static void test_empty(void)
{
    const struct lock_file none = {0};
    struct layer_problem problem = problem_of();
    CHECK_NUMBER(lock_to_plan(&none, &problem, &arena, NULL), 0);
    CHECK(problem.items == items && !problem.last && !problem.last_attached && problem.last_count == 0);
    struct layer_problem nothing = {0};
    struct layer_plan plan = {0};
    struct lock_file lock = lock_of(&nothing, &plan, &none);
    CHECK(lock.function_count == 0 && lock.layer_count == 0 && lock.change_count == 0);
}

/* A layer that cannot be made any more is what was published. */
static void test_not_written(void)
{
    struct lock_file lock = first_lock(), next;
    struct layer_problem problem = problem_of();
    const struct layer_plan plan = plan_of();
    struct shared_error err = {0};
    const struct lock_zip written[2] = {{.zip_bytes = 77, .sha256 = SHA}, {0}};
    struct lock_plan made = {.project = "video",
                             .architecture = "x86_64",
                             .problem = &problem,
                             .plan = &plan,
                             .functions = zips,
                             .layers = written,
                             .last = &lock};
    CHECK_NUMBER(lock_from_plan(&made, &arena, &next, &err), 0);
    CHECK_NUMBER(next.layers[0].zip.zip_bytes, 77);
    CHECK_NUMBER(next.layers[1].zip.zip_bytes, 3);
    const struct lock_file none = {0};
    made.last = &none;
    CHECK_NUMBER(lock_from_plan(&made, &arena, &next, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "layer video-b was not written");
}

static void publish(struct lock_file *lock, const char *date, const char *name, bool again, size_t expected)
{
    struct lock_publication *added;
    size_t count = 0;
    struct shared_error err = {0};
    const struct lock_publish what = {
        .date = date, .names = &name, .name_count = name ? 1 : 0, .again = again};
    if (!CHECK_NUMBER(lock_ledger_add(lock, &what, &arena, &added, &count, &err), 0))
        fprintf(stderr, "%s\n", err.text);
    CHECK_NUMBER(count, expected);
}

static void test_ledger(void)
{
    struct lock_file lock = first_lock();
    publish(&lock, "2026-01-02", NULL, false, 5);
    CHECK_NUMBER(lock.ledger_count, 5);
    CHECK_TEXT(lock.ledger[0].name, "catalog");
    CHECK_NUMBER(lock.ledger[4].kind, LOCK_LAYER);
    CHECK_NUMBER(lock_ledger_bytes(lock.ledger, lock.ledger_count), 1 + 3 + 5 + 1 + 3);
    publish(&lock, "2026-01-02", NULL, false, 0);
    publish(&lock, "2026-01-03", NULL, true, 5);
    publish(&lock, "2026-01-03", "search", true, 1);
    lock.functions[2].zip.sha256[0] = 'X';
    lock.layers[0].zip.sha256[0] = 'X';
    publish(&lock, "2026-01-04", "search", false, 1);
    publish(&lock, "2026-01-04", NULL, false, 1);
    CHECK_TEXT(lock.ledger[lock.ledger_count - 1].name, "video-a");
    /* A function goes back to what it was: that is a version again; a layer is there still. */
    lock.functions[2].zip.sha256[0] = SHA[0];
    lock.layers[0].zip.sha256[0] = SHA[0];
    publish(&lock, "2026-01-05", NULL, false, 1);
    CHECK_TEXT(lock.ledger[lock.ledger_count - 1].name, "search");
    CHECK_NUMBER(lock.ledger_count, 14);
    struct lock_file next = first_lock();
    next.ledger = lock.ledger;
    next.ledger_count = lock.ledger_count;
    struct layer_problem problem = problem_of();
    const struct layer_plan plan = plan_of();
    CHECK_NUMBER(lock_of(&problem, &plan, &next).ledger_count, 14);
}

/* A function gets other layers by a version alone, of which AWS stores the same zip again. */
static void test_ledger_of_layers(void)
{
    struct lock_file lock = first_lock();
    publish(&lock, "2026-01-02", NULL, false, 5);
    CHECK(lock.ledger[0].attached.known && !lock.ledger[4].attached.known);
    static const char *other[] = {"video-c", "video-a"}, *turned[] = {"video-a", "video-c"};
    lock.functions[0].layers = other;
    lock.functions[0].layer_count = 2;
    publish(&lock, "2026-01-03", NULL, false, 1);
    CHECK_TEXT(lock.ledger[lock.ledger_count - 1].name, lock.functions[0].name);
    publish(&lock, "2026-01-03", NULL, false, 0);
    lock.functions[0].layers = turned; /* which of two files lies above is another one */
    publish(&lock, "2026-01-04", NULL, false, 1);
    lock.functions[0].layer_count = 0;
    publish(&lock, "2026-01-05", NULL, false, 1);
    CHECK_TEXT(lock.ledger[lock.ledger_count - 1].attached.digest, "");
    publish(&lock, "2026-01-05", NULL, false, 0);
    lock.functions[0].layer_count = 1;
    publish(&lock, "2026-01-06", NULL, false, 1);
    /* A ledger that does not know of layers. */
    for (size_t i = 0; i < lock.ledger_count; i++)
        lock.ledger[i].attached = (struct lock_attached){0};
    lock.functions[0].layer_count = 2;
    publish(&lock, "2026-01-07", NULL, false, 0);
}

/* The format's own, that no later demine may change. */
static void test_attached(void)
{
    static const char *const names[] = {"video-a", "video-b"};
    CHECK_TEXT(lock_attached_make(names, 0).digest, "");
    CHECK_TEXT(lock_attached_make(names, 1).digest, "88585ed50ba39c86c21afcb74d7ffbd2");
    CHECK_TEXT(lock_attached_make(names, 2).digest, "ef8a716740ebe95ee68f11eba7d0a4a0");
}

static void test_ledger_wrong(void)
{
    static const struct {
        const char *date, *name, *message;
    } rows[] = {
        {"2026-02-30", NULL, "\"2026-02-30\" is no date; write it as 2026-11-23"},
        {"2026-01-01", NULL, "2026-01-01 is before 2026-01-02, the last date in the ledger"},
        {"2026-01-02", "serach",
         "the lock has no function and no layer \"serach\"; did you mean \"search\"?"},
        {"2026-01-02", "zzzzzzzz", "the lock has no function and no layer \"zzzzzzzz\""},
    };
    struct lock_file lock = first_lock();
    publish(&lock, "2026-01-02", NULL, false, 5);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct lock_publication *added;
        size_t count;
        struct shared_error err = {0};
        const struct lock_publish what = {
            .date = rows[i].date, .names = &rows[i].name, .name_count = rows[i].name ? 1 : 0};
        CHECK_NUMBER(lock_ledger_add(&lock, &what, &arena, &added, &count, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK_NUMBER(lock.ledger_count, 5);
    }
}

/* Names are those of the items, whatever the project was called and however many digits there are. */
static void test_names(void)
{
    struct lock_file lock = first_lock(), kept;
    struct shared_error err = {0};
    size_t first = 0;
    const struct layer_set set = {&first, 1};
    CHECK_NUMBER(lock_names_check(&lock, "l", &err), SHARED_EPROTO);
    CHECK(strstr(err.text, "l: layers.video-a: its items are not those of that name") &&
          strstr(err.text, "--replan"));
    lock.layers[0].name = layer_name_long("old-name", lock.layers[0].items, &set, 32, &arena, &arena);
    lock.layers[1].name = layer_name("video", lock.layers[1].items, &set, &arena);
    CHECK_NUMBER(lock_names_check(&lock, "l", &err), 0);
    lock.functions[0].layers[0] = lock.layers[0].name;
    lock.functions[0].layers[1] = lock.functions[1].layers[0] = lock.layers[1].name;
    lock.functions[2].layers[0] = lock.layers[0].name;
    CHECK_NUMBER(lock_names_keep(&lock, &arena, &kept, &err), 0);
    CHECK_NUMBER(kept.layer_count, 2);
    CHECK_NUMBER(kept.functions[0].layer_count, 2);

    char *digit = strchr(lock.layers[1].name, '\0') - 1;
    *digit = *digit == '0' ? '1' : '0';
    CHECK_NUMBER(lock_names_check(&lock, "l", &err), SHARED_EPROTO);
    CHECK_NUMBER(lock_names_keep(&lock, &arena, &kept, &err), 0);
    CHECK_NUMBER(kept.layer_count, 1);
    CHECK_NUMBER(kept.functions[0].layer_count, 1);
    CHECK_TEXT(kept.functions[0].layers[0], lock.layers[0].name);
    CHECK_NUMBER(kept.functions[1].layer_count, 0);
    CHECK_NUMBER(kept.ledger_count, lock.ledger_count);
    CHECK_NUMBER(lock.functions[0].layer_count, 2);
    static const char *const wrong[] = {"video-", "video", "", "video-0123456789abcde",
                                        "video-0123456789abcdef0123456789abcdef0"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        lock.layers[1].name = wrong[i];
        CHECK_NUMBER(lock_names_check(&lock, "l", NULL), SHARED_EPROTO);
    }
}

int main(void)
{
    CHECK_RUN(test_from_plan);
    CHECK_RUN(test_same_again);
    CHECK_RUN(test_changes);
    CHECK_RUN(test_to_plan);
    CHECK_RUN(test_to_plan_twice);
    CHECK_RUN(test_empty);
    CHECK_RUN(test_not_written);
    CHECK_RUN(test_ledger);
    CHECK_RUN(test_ledger_of_layers);
    CHECK_RUN(test_attached);
    CHECK_RUN(test_ledger_wrong);
    CHECK_RUN(test_names);
    shared_arena_clean_up(&arena);
    return check_report();
}
