/* Memory runs out at every place of reading a manifest: a clear failure each time, nothing lost. */
#include "check.h"
#include "exhaust.h"

#include "manifest/manifest.h"

#include <stdlib.h>

/* Every list is long enough for blocks of its own. */
static char *long_manifest(void)
{
    char *text = __real_malloc(1 << 20), *p = text;
    p += sprintf(p, "{\"name\": \"p\", \"libraries\": {\"l\": {\"needs\": []}");
    for (int i = 0; i < 300; i++)
        p += sprintf(p, ", \"l%d\": {\"archives\": [\"a%d\"], \"needs\": [\"l\"]}", i, i);
    p += sprintf(p, "}, \"functions\": {\"f\": {\"sources\": [\"s\"");
    for (int i = 0; i < 300; i++)
        p += sprintf(p, ", \"folder/of/sources/number/%d.c\"", i);
    p += sprintf(p, "], \"libraries\": [\"l1\", \"l2\"], \"assets\": {\"a\": \"b\"");
    for (int i = 0; i < 300; i++)
        p += sprintf(p, ", \"folder/of/assets/%d.json\": \"data/%d\\ud83c\\udfac.json\"", i, i);
    sprintf(p, "}}}, \"budgets\": [{\"function\": \"f\", \"zip_bytes\": 1}, {\"zip_growth_percent\": 2}]}");
    return text;
}

/* Where the manifest is wrong as well, that may be told, if with line 1 for want of memory to find a better
 * one. */
static void fail_at_each_place(const char *text, int expected)
{
    struct shared_arena arena;
    struct manifest manifest;
    struct shared_error err;
    bool reached = true;
    long exhaustions = 0;
    for (long place = 0; reached; place++) {
        shared_arena_init(&arena);
        left = place;
        int status = manifest_parse("demine.json", text, strlen(text), &arena, &manifest, &err);
        reached = left < 0;
        left = -1;
        shared_arena_clean_up(&arena);
        exhaustions += status == SHARED_ENOMEM;
        if (status == SHARED_ENOMEM)
            CHECK(reached && strstr(err.text, "no memory"));
        else
            CHECK(status == expected && (expected == SHARED_EINVAL || !reached));
    }
    CHECK(exhaustions > 10);
}

static void test_right(void)
{
    char *text = long_manifest();
    fail_at_each_place(text, 0);
    free(text);
}

static void test_wrong(void)
{
    fail_at_each_place(
        "{\"name\": \"p\", \"functions\": {\"f\": {\"sources\": [\"a\", \"b\"], \"memory_mb\": 0}}}",
        SHARED_EINVAL);
    fail_at_each_place("{\"name\": \"p\", \"libraries\": {\"a\": {\"needs\": [\"a\"]}}, "
                       "\"functions\": {\"f\": {\"sources\": [\"a\"]}}}",
                       SHARED_EINVAL);
}

int main(void)
{
    CHECK_RUN(test_right);
    CHECK_RUN(test_wrong);
    return check_report();
}
