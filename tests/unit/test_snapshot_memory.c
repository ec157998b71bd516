/* Memory runs out at every place where snapshots are read, made, compared and held against budgets. */
#include "check.h"
#include "exhaust.h"

#include "limit/budget.h"
#include "snapshot/snapshot_compare.h"

#include <stdlib.h>

#define SYMBOLS 400

static char *snapshot_text(const char *function, int first)
{
    char *text = __real_malloc(1 << 16), *p = text;
    p += sprintf(
        p, "demine-sizes\t1\tsymbol\nfunction\t%s\t%d\t0\nlibrary\t%s\town\t%d\t0\nmember\t%s\town\ta.c\n",
        function, 8 * SYMBOLS, function, 8 * SYMBOLS, function);
    for (int i = first; i < first + SYMBOLS; i++)
        p += sprintf(p, "\t8\t1\ta_symbol_with_a_name_of_some_length_%04d\n", i);
    p += sprintf(p, "zip\t%s\town\t0", function);
    for (int i = 1; i < SYMBOLS; i++)
        p += sprintf(p, " 0");
    sprintf(p, "\n");
    return text;
}

/* What a graph needs to have a name that is escaped, a source and a section. */
static int make_of_graph(struct shared_arena *arena, struct shared_error *err)
{
    static char texts[] = "\0linker\0own\0a.c\0ta\tb\0.rodata";
    static struct graph_library libraries[] = {{.name = 1}, {.name = 8}};
    static struct graph_member members[] = {{.name = 1}, {.name = 12, .library = 1}};
    static struct graph_atom atoms[2 + SYMBOLS] = {{0},
                                                   {.name = 16, .member = 1, .size_bytes = 4, .named = true}};
    for (size_t i = 2; i < sizeof(atoms) / sizeof(atoms[0]); i++)
        atoms[i] = (struct graph_atom){.name = 21, .member = 1, .size_bytes = 4};
    const struct graph graph = {.libraries = libraries,
                                .library_count = 2,
                                .members = members,
                                .member_count = 2,
                                .atoms = atoms,
                                .atom_count = sizeof(atoms) / sizeof(atoms[0]),
                                .texts = texts,
                                .text_bytes = sizeof(texts)};
    struct snapshot_function function;
    int status = snapshot_of_graph(&graph, "f", arena, &function, err);
    return status < 0 ? status : function.row_count == 3 ? 0 : SHARED_EINVAL;
}

static char *old_text, *new_text;

static int compare(struct shared_arena *arena, struct shared_error *err)
{
    struct snapshot before, after;
    struct snapshot_comparison comparison;
    struct shared_slice text;
    int status = snapshot_parse("old.txt", shared_slice_from_text(old_text), arena, &before, err);
    if (status == 0)
        status = snapshot_parse("new.txt", shared_slice_from_text(new_text), arena, &after, err);
    if (status == 0)
        status = snapshot_compare(&before, &after, SNAPSHOT_FILE, arena, &comparison, err);
    if (status == 0)
        status = snapshot_reduce(&before, SNAPSHOT_LIBRARY, arena, err);
    return status < 0 ? status : snapshot_print(&after, arena, &text, err);
}

static const struct manifest *manifest;

static int hold(struct shared_arena *arena, struct shared_error *err)
{
    struct snapshot now;
    struct budget_findings findings;
    int status = snapshot_parse("old.txt", shared_slice_from_text(old_text), arena, &now, err);
    if (status == 0)
        status = budget_check(manifest, &now, &now, "old.txt", arena, &findings, err);
    return status < 0 ? status : findings.count == 1 ? 0 : SHARED_EINVAL;
}

static void fail_at_each_place(int (*run)(struct shared_arena *arena, struct shared_error *err))
{
    bool reached = true;
    long exhaustions = 0;
    for (long place = 0; reached; place++) {
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        left = place;
        int status = run(&arena, &err);
        reached = left < 0;
        left = -1;
        shared_arena_clean_up(&arena);
        exhaustions += status == SHARED_ENOMEM;
        CHECK(status == (reached ? SHARED_ENOMEM : 0));
        CHECK(!reached || strstr(err.text, "no memory"));
    }
    CHECK(exhaustions > 1);
}

static void test_graph(void)
{
    fail_at_each_place(make_of_graph);
}

static void test_compare(void)
{
    fail_at_each_place(compare);
}

static void test_budgets(void)
{
    static const char text[] = "{\"name\": \"p\", \"functions\": {\"f\": {\"binary\": \"f\"}}, \"budgets\": "
                               "[{\"unzipped_bytes\": 1}, {\"zip_growth_bytes\": 1}]}";
    struct shared_arena arena = {0};
    struct manifest read;
    CHECK_NUMBER(manifest_parse("demine.json", text, strlen(text), &arena, &read, NULL), 0);
    manifest = &read;
    fail_at_each_place(hold);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    old_text = snapshot_text("f", 1000);
    new_text = snapshot_text("g", 1010); /* was f */
    CHECK_RUN(test_graph);
    CHECK_RUN(test_compare);
    CHECK_RUN(test_budgets);
    free(old_text);
    free(new_text);
    return check_report();
}
