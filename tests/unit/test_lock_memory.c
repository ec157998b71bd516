/* Memory runs out at every place of reading, planning, writing and publishing a lock: a clear failure each time. */
#include "check.h"
#include "exhaust.h"

#include "layer/lock_ledger.h"
#include "layer/lock_names.h"
#include "layer/lock_plan.h"

#include <stdlib.h>

#define SHA "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define HASH "00112233445566778899aabbccddeeff"
#define ZIP "\"zip_bytes\": 1, \"sha256\": \"" SHA "\", \"content\": \"" HASH "\", \"unzipped_bytes\": 2"

/* Every list is long enough for blocks of its own. */
static char *long_lock(void)
{
    char *text = __real_malloc(1 << 20), *p = text;
    p += sprintf(p, "{\"format\": 1, \"project\": \"p\", \"architecture\": \"arm64\", \"functions\": {");
    for (int i = 0; i < 200; i++)
        p += sprintf(p, "%s\"f%03d\": {" ZIP ", \"layers\": [\"l-%016d\", \"l-0000000000000029\"]}",
                     i ? ", " : "", i, i % 29);
    p += sprintf(p, "}, \"layers\": {");
    for (int i = 0; i < 30; i++) {
        p += sprintf(p, "%s\"l-%016d\": {" ZIP ", \"items\": [", i ? ", " : "", i);
        for (int k = 0; k < 20; k++)
            p += sprintf(p,
                         "%s{\"place\": \"lib/%02d/%02d\", \"digest\": \"" HASH
                         "\", \"zip_bytes\": 1, \"unzipped_bytes\": 2}",
                         k ? ", " : "", i, k);
        p += sprintf(p, "]}");
    }
    p += sprintf(p, "}, \"changes\": {");
    for (int i = 0; i < 200; i++)
        p += sprintf(p, "%s\"lib/00/%03d\": {\"count\": 1, \"digest\": \"" HASH "\"}", i ? ", " : "", i);
    p += sprintf(p, "}, \"ledger\": [");
    for (int i = 0; i < 200; i++)
        p += sprintf(
            p,
            "%s{\"date\": \"2026-01-%02d\", \"kind\": \"layer\", \"name\": \"l%d\", \"zip_bytes\": 1, "
            "\"sha256\": \"" SHA "\"}",
            i ? ", " : "", 1 + i * 7 % 28, i);
    sprintf(p, "]}");
    return text;
}

/* All that a pack does with a lock, its functions being as they were. */
static int use(const char *text, struct shared_arena *arena, struct shared_error *err)
{
    struct lock_file lock, next;
    int status = lock_file_parse("l", shared_slice_from_text(text), arena, &lock, err);
    if (status < 0)
        return status;
    struct lock_file named;
    status = lock_names_check(&lock, "l", err);
    if (status == SHARED_EPROTO)
        status = lock_names_keep(&lock, arena, &named, err);
    if (status < 0)
        return status;
    struct layer_function functions[200];
    struct lock_zip zips[200];
    for (size_t i = 0; i < lock.function_count; i++) {
        functions[i] = (struct layer_function){.name = lock.functions[i].name};
        zips[i] = lock.functions[i].zip;
    }
    struct layer_problem problem = {.functions = functions, .function_count = lock.function_count};
    status = lock_to_plan(&lock, &problem, arena, err);
    if (status < 0)
        return status;
    functions[0].items = problem.last[0].items;
    struct layer_plan plan = {.layers = (struct layer_planned *)problem.last,
                              .count = problem.last_count,
                              .attached = (struct layer_set *)problem.last_attached};
    const struct lock_plan made = {"p", "arm64", &problem, &plan, zips, zips, &lock};
    status = lock_from_plan(&made, arena, &next, err);
    struct lock_publication *added;
    size_t count;
    const struct lock_publish publish = {.date = "2026-01-28", .again = true};
    if (status == 0)
        status = lock_ledger_add(&next, &publish, arena, &added, &count, err);
    if (status == 0 && !lock_file_text(&next, arena).data)
        status = shared_fail(err, SHARED_ENOMEM, 0, "no memory for the text");
    return status;
}

static void fail_at_each_place(const char *text, int expected)
{
    bool reached = true;
    long exhaustions = 0;
    for (long place = 0; reached; place++) {
        struct shared_arena arena;
        struct shared_error err = {0};
        shared_arena_init(&arena);
        left = place;
        int status = use(text, &arena, &err);
        reached = left < 0;
        left = -1;
        shared_arena_clean_up(&arena);
        exhaustions += status == SHARED_ENOMEM;
        if (status == SHARED_ENOMEM)
            CHECK(reached && strstr(err.text, "no memory"));
        else
            CHECK(status == expected && (expected < 0 || !reached));
    }
    CHECK(exhaustions > 10);
}

static void test_right(void)
{
    char *text = long_lock();
    fail_at_each_place(text, 0);
    free(text);
}

/* What is wrong may be told without its path for want of memory. */
static void test_wrong(void)
{
    char *text = long_lock();
    memcpy(strstr(text, "\"ledger\""), "\"ledgre\"", 8);
    fail_at_each_place(text, SHARED_EINVAL);
    free(text);
}

int main(void)
{
    CHECK_RUN(test_right);
    CHECK_RUN(test_wrong);
    return check_report();
}
