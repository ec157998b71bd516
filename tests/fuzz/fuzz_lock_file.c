/* Any bytes as a lock: read, written and read again, given to the planner, and published. */
#include "fuzz_target.h"

#include "base/text_width.h"
#include "layer/lock_ledger.h"
#include "layer/lock_names.h"
#include "layer/lock_plan.h"

#include <stdbool.h>
#include <string.h>

/* A message is one line of UTF-8 that names the file and a line of the text. */
static void check_message(const char *text, const uint8_t *data, size_t size)
{
    static const char prefix[] = "demine.lock.json:";
    size_t lines = 1, line;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    FUZZ_PROMISE(strncmp(text, prefix, sizeof(prefix) - 1) == 0);
    line = strtoul(text + sizeof(prefix) - 1, NULL, 10);
    FUZZ_PROMISE(line >= 1 && line <= lines);
    for (size_t left = strlen(text), step; left > 0; text += step, left -= step) {
        step = text_character_bytes(text, left);
        FUZZ_PROMISE(step > 0 && !text_is_control(text, left));
    }
}

static void check_lock(const struct lock_file *lock)
{
    for (size_t i = 0; i < lock->function_count; i++) {
        const struct lock_function *function = &lock->functions[i];
        FUZZ_PROMISE(i == 0 || strcmp(function[-1].name, function->name) < 0);
        FUZZ_PROMISE(strlen(function->zip.sha256) == 44);
        for (size_t k = 0; k < function->layer_count; k++)
            FUZZ_PROMISE(lock_find_layer(lock, function->layers[k]));
    }
    for (size_t i = 0; i < lock->layer_count; i++) {
        FUZZ_PROMISE(i == 0 || strcmp(lock->layers[i - 1].name, lock->layers[i].name) < 0);
        FUZZ_PROMISE(lock->layers[i].item_count > 0);
    }
    for (size_t i = 1; i < lock->ledger_count; i++)
        FUZZ_PROMISE(strcmp(lock->ledger[i - 1].date, lock->ledger[i].date) <= 0);
}

static struct shared_slice check_round_trip(const struct lock_file *lock, struct shared_arena *arena)
{
    struct lock_file again;
    struct shared_slice text = lock_file_text(lock, arena);
    FUZZ_PROMISE(text.data);
    FUZZ_PROMISE(lock_file_parse("demine.lock.json", text, arena, &again, NULL) == 0);
    FUZZ_PROMISE(shared_slice_equal(lock_file_text(&again, arena), text));
    return text;
}

/* Without layers that their names lie about it is a lock in which no name lies. */
static void check_names(const struct lock_file *lock, struct shared_arena *arena)
{
    struct lock_file kept;
    int status = lock_names_check(lock, "demine.lock.json", NULL);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO);
    FUZZ_PROMISE(lock_names_keep(lock, arena, &kept, NULL) == 0);
    FUZZ_PROMISE((status == 0) == (kept.layer_count == lock->layer_count));
    FUZZ_PROMISE(lock_names_check(&kept, "demine.lock.json", NULL) == 0);
    FUZZ_PROMISE(kept.function_count == lock->function_count && kept.ledger_count == lock->ledger_count);
    for (size_t i = 0; i < kept.function_count; i++)
        for (size_t k = 0; k < kept.functions[i].layer_count; k++)
            FUZZ_PROMISE(lock_find_layer(&kept, kept.functions[i].layers[k]));
}

/* Each function carries what its layers have, so that the plan is the last one. */
static void carry(const struct layer_problem *problem, struct layer_function *functions, size_t *items)
{
    for (size_t i = 0; i < problem->function_count; i++) {
        functions[i].items = (struct layer_set){items, 0};
        for (size_t k = 0; k < problem->last_attached[i].count; k++) {
            const struct layer_set *set = &problem->last[problem->last_attached[i].items[k]].items;
            memcpy(items, set->items, set->count * sizeof(*items));
            functions[i].items.count += set->count;
            items += set->count;
        }
    }
}

/* What functions attach is made anew as it was: the lock stays, and nothing counts as a change after the first time. */
static void check_plan(const struct lock_file *lock, struct shared_arena *arena)
{
    struct layer_function *functions =
        shared_arena_alloc(arena, (lock->function_count + 1) * sizeof(*functions));
    struct lock_zip *zips =
        shared_arena_alloc(arena, (lock->function_count + lock->layer_count + 1) * sizeof(*zips));
    size_t room = 0;
    FUZZ_PROMISE(functions && zips);
    memset(zips, 0, (lock->function_count + lock->layer_count + 1) * sizeof(*zips));
    for (size_t i = 0; i < lock->function_count; i++) {
        functions[i] = (struct layer_function){.name = lock->functions[i].name};
        zips[lock->layer_count + i] = lock->functions[i].zip;
        for (size_t k = 0; k < lock->functions[i].layer_count; k++)
            room += lock_find_layer(lock, lock->functions[i].layers[k])->item_count;
    }
    struct layer_problem problem = {.functions = functions, .function_count = lock->function_count};
    FUZZ_PROMISE(lock_to_plan(lock, &problem, arena, NULL) == 0);
    FUZZ_PROMISE(problem.last_count == lock->layer_count);
    size_t *items = shared_arena_alloc(arena, (room + 1) * sizeof(*items));
    FUZZ_PROMISE(items);
    if (problem.last_attached)
        carry(&problem, functions, items);
    const struct layer_plan plan = {.layers = (struct layer_planned *)problem.last,
                                    .count = problem.last_count,
                                    .attached = (struct layer_set *)problem.last_attached};
    if (!problem.last)
        return;
    struct lock_plan made = {.project = lock->project,
                             .architecture = lock->architecture,
                             .problem = &problem,
                             .plan = &plan,
                             .functions = zips + lock->layer_count,
                             .layers = zips,
                             .last = lock};
    struct lock_file first, second;
    FUZZ_PROMISE(lock_from_plan(&made, arena, &first, NULL) == 0);
    made.last = &first;
    FUZZ_PROMISE(lock_from_plan(&made, arena, &second, NULL) == 0);
    FUZZ_PROMISE(shared_slice_equal(check_round_trip(&first, arena), check_round_trip(&second, arena)));
}

static void check_ledger(struct lock_file *lock, struct shared_arena *arena)
{
    const char *date = lock->ledger_count ? lock->ledger[lock->ledger_count - 1].date : "2026-11-23";
    struct lock_publish publish = {.date = date};
    struct lock_publication *added;
    size_t count;
    FUZZ_PROMISE(lock_ledger_add(lock, &publish, arena, &added, &count, NULL) == 0);
    publish.again = true;
    FUZZ_PROMISE(lock_ledger_add(lock, &publish, arena, &added, &count, NULL) == 0);
    FUZZ_PROMISE(count == lock->function_count + lock->layer_count);
    check_round_trip(lock, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct lock_file lock;
    struct shared_error err = {0};
    char *text = malloc(size ? size : 1); /* of its own size: a look beyond its end is found */
    if (!text)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    int status = lock_file_parse("demine.lock.json", shared_slice_of(text, size), &arena, &lock, &err);
    if (status == 0) {
        check_lock(&lock);
        check_round_trip(&lock, &arena);
        check_names(&lock, &arena);
        check_plan(&lock, &arena);
        check_ledger(&lock, &arena);
    } else {
        FUZZ_PROMISE(status == SHARED_EINVAL || status == SHARED_EUNSUPPORTED);
        FUZZ_PROMISE((int)err.code == status && !lock.project);
        check_message(err.text, data, size);
    }
    free(text);
    shared_arena_clean_up(&arena);
    return 0;
}
