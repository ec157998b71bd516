/* What would make programs smaller: of graphs made by hand, and of real programs. */
#include "graph_made.h"
#include "image_link.h"

#include "advice/advice.h"

static struct shared_arena arena;
static struct manifest manifest;
static struct check_plan plan;

static void make_plan(const char *runtime)
{
    struct shared_error err;
    image_parse_manifest(&manifest, runtime, HOST_ARCHITECTURE, &arena);
    if (check_plan_make(&manifest, &arena, &plan, &err) < 0) {
        fprintf(stderr, "the test's manifest: %s\n", err.text);
        exit(2);
    }
}

static const struct advice *find_advice(const struct advices *advices, enum advice_kind kind,
                                        const char *subject)
{
    for (size_t i = 0; i < advices->count; i++)
        if (advices->items[i].kind == kind && strcmp(advices->items[i].subject, subject) == 0)
            return &advices->items[i];
    return NULL;
}

/*
 * An archive with two symbols in one section, of which one is needed, and drags another library in by the
 * other.
 */
static void test_sections(void)
{
    static struct made made;
    struct advices advices;
    struct shared_error err = {0};
    make_plan("provided.al2023");
    made_begin(&made);
    uint32_t own = made_member(&made, "own", NULL, "own.o");
    uint32_t big = made_member(&made, "big", "lib/libbig.a", "big.o");
    uint32_t deep = made_member(&made, "deep", "libdeep.a", "deep.o");
    uint32_t libc = made_member(&made, "libc", "libc.a", "x.o");
    uint32_t main_atom = made_atom(&made, own, "main", 100);
    uint32_t used = made_atom(&made, big, "used", 1000);
    uint32_t idle = made_atom(&made, big, "idle", 3000);
    uint32_t drawn = made_atom(&made, deep, "drawn", 5000);
    uint32_t both = made_atom(&made, deep, "both", 700);
    uint32_t system = made_atom(&made, libc, "system_idle", 9000);
    made.atoms[idle].kept = made.atoms[system].kept = GRAPH_SECTION;
    made_edge(&made, GRAPH_ROOT, main_atom);
    made_edge(&made, main_atom, used);
    made_edge(&made, used, idle); /* as graph_reach adds it */
    made_edge(&made, idle, drawn);
    made_edge(&made, idle, both);
    made_edge(&made, used, both);
    made_edge(&made, main_atom, system);
    const struct advice_program program = {&manifest.functions[0], made_end(&made), NULL, false};
    if (!CHECK_NUMBER(advice_find(&plan, &program, 1, &arena, &advices, &err), 0))
        return;
    const struct advice *advice = find_advice(&advices, ADVICE_SECTIONS, "libbig.a");
    if (!CHECK(advice != NULL))
        return;
    CHECK_TEXT(advice->library, "big");
    CHECK_NUMBER(advice->gain.file, 3000 + 5000);
    CHECK_NUMBER(advice->gain.zip, 1500 + 2500);
    CHECK_NUMBER(advice->symbols, 1);
    CHECK_NUMBER(advice->functions.count, 1);
    CHECK_TEXT(advice->functions.items[0], "f");
    /* Nobody rebuilds glibc. */
    CHECK(find_advice(&advices, ADVICE_SECTIONS, "libc.a") == NULL);
    CHECK_NUMBER(advices.count, 1);
}

static void test_roots(void)
{
    static struct made made;
    struct advices advices;
    struct shared_error err = {0};
    make_plan("provided.al2023");
    made_begin(&made);
    uint32_t own = made_member(&made, "own", NULL, "own.o");
    uint32_t json = made_member(&made, "json", "libjson.a", "json.o");
    uint32_t libc = made_member(&made, "libc", "libc.a", "scanf.o");
    uint32_t main_atom = made_atom(&made, own, "main", 60000);
    uint32_t load = made_atom(&made, own, "load", 200);
    uint32_t parse = made_atom(&made, json, "parse", 2000);
    uint32_t again = made_atom(&made, json, "parse_again", 100);
    uint32_t scan = made_atom(&made, libc, "scan", 3000);
    uint32_t inner = made_atom(&made, libc, "scan_inner", 4000);
    uint32_t shared = made_atom(&made, json, "shared_one", 5000);
    uint32_t direct = made_atom(&made, json, "direct", 6000);
    uint32_t small = made_atom(&made, json, "small", 1000);
    uint32_t table = made_atom(&made, json, "table", 7000);
    made.atoms[table].code = false;
    const uint32_t edges[][2] = {{GRAPH_ROOT, main_atom}, {main_atom, load},   {load, parse}, {parse, again},
                                 {again, parse},          {parse, scan},       {scan, inner}, {load, shared},
                                 {main_atom, shared},     {main_atom, direct}, {load, small}, {load, table}};
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        made_edge(&made, edges[i][0], edges[i][1]);
    made_dominated(&made, main_atom, GRAPH_ROOT, 88300);
    made_dominated(&made, load, main_atom, 17300);
    made_dominated(&made, parse, load, 9100);
    made_dominated(&made, again, parse, 100);
    made_dominated(&made, scan, parse, 7000);
    made_dominated(&made, inner, scan, 4000);
    made_dominated(&made, shared, main_atom, 5000);
    made_dominated(&made, direct, main_atom, 6000);
    made_dominated(&made, small, load, 1000);
    made_dominated(&made, table, load, 7000);
    /* Two functions have it. */
    const struct advice_program program = {&manifest.functions[0], made_end(&made), NULL, false};
    if (!CHECK_NUMBER(advice_find(&plan, &program, 1, &arena, &advices, &err), 0))
        return;
    CHECK_NUMBER(advices.count, 2);
    CHECK_TEXT(advices.items[0].subject, "parse");
    CHECK_TEXT(advices.items[0].from, "load");
    CHECK_TEXT(advices.items[0].from_library, "own");
    CHECK_NUMBER(advices.items[0].gain.file, 9100);
    CHECK_NUMBER(advices.items[0].gain.zip, 1000 + 50 + 1500 + 2000);
    CHECK_TEXT(advices.items[1].subject, "scan");
    CHECK_TEXT(advices.items[1].from, "parse");
    CHECK_TEXT(advices.items[1].library, "libc");
    CHECK_NUMBER(advices.items[1].gain.file, 7000);
}

static int read_program(const char *program, struct advices *advices, struct shared_error *err)
{
    static struct graph graph;
    const struct image_paths paths = {"stripped", program, "map"};
    SHELL_NEED("strip %s -o stripped", program);
    int status = graph_read(&manifest, &manifest.functions[0], &paths, &arena, &graph, err);
    const struct advice_program looked = {&manifest.functions[0], &graph, program, true};
    return status < 0 ? status : advice_find(&plan, &looked, 1, &arena, advices, err);
}

static uint64_t stripped_bytes(const char *program)
{
    struct stat st;
    SHELL_NEED("strip %s -o stripped", program);
    return stat("stripped", &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* What is promised of dynamic linking is what it gives, within 5 %. */
static void test_dynamic(void)
{
    struct advices advices;
    struct shared_error err = {0};
    char *folder = scratch_enter();
    make_plan("provided.al2023");
    scratch_file("print.c",
                 "#include <stdio.h>\n#include <stdlib.h>\n"
                 "int main(int c, char **v) { return c > 1 ? printf(\"%d\\n\", atoi(v[1])) : 0; }\n");
    SHELL_NEED("gcc -Os -ffunction-sections print.c -o dynamic && "
               "gcc -Os -static -ffunction-sections -Wl,--gc-sections,-q,-Map=map print.c -o program");
    if (!CHECK_NUMBER(read_program("program", &advices, &err), 0)) {
        fprintf(stderr, "    %s\n", err.text);
        return;
    }
    const struct advice *advice = find_advice(&advices, ADVICE_DYNAMIC, "libc");
    if (CHECK(advice != NULL) && CHECK(advice == advices.items)) {
        uint64_t saved = stripped_bytes("program") - stripped_bytes("dynamic");
        CHECK_TEXT(advice->blocked, NULL);
        CHECK(advice->symbols >= 2 && advice->symbols < 20);
        CHECK(advice->gain.file > saved * 95 / 100 && advice->gain.file < saved * 105 / 100);
    }
    scratch_leave(folder);
}

/* The symbol that keeps it from being possible is the one that the code asks for. */
static void test_blocked(void)
{
    struct advices advices;
    struct shared_error err = {0};
    char *folder = scratch_enter();
    scratch_file("plain.c", "int main(void) { return 0; }\n");
    scratch_file("random.c", "#include <stdlib.h>\nint main(void) { return arc4random() == 1; }\n");
    SHELL_NEED("gcc -Os -static -ffunction-sections -Wl,--gc-sections,-q,-Map=map plain.c -o program");
    make_plan("provided.al2");
    CHECK_NUMBER(read_program("program", &advices, &err), 0);
    const struct advice *advice = find_advice(&advices, ADVICE_DYNAMIC, "libc");
    if (shell("nm -D \"$(gcc -print-file-name=libc.so.6)\" | grep 'T __libc_start_main@@GLIBC_2.34'")) {
        if (CHECK(advice && advice->blocked))
            CHECK_TEXT(advice->blocked, "__libc_start_main asks for GLIBC_2.34");
    } else {
        printf("SKIP: start files: the C library is older than 2.34, or another\n");
    }
    if (shell("gcc -Os -static -D_GNU_SOURCE -ffunction-sections -Wl,--gc-sections,-q,-Map=map random.c -o "
              "program")) {
        make_plan("provided.al2023");
        CHECK_NUMBER(read_program("program", &advices, &err), 0);
        advice = find_advice(&advices, ADVICE_DYNAMIC, "libc");
        if (CHECK(advice && advice->blocked))
            CHECK_TEXT(advice->blocked, "arc4random asks for GLIBC_2.36");
    } else {
        printf("SKIP: arc4random: the C library has none\n");
    }
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_sections);
    CHECK_RUN(test_roots);
    CHECK_RUN(test_dynamic);
    CHECK_RUN(test_blocked);
    shared_arena_clean_up(&arena);
    return check_report();
}
