/* What refers to what, in programs in which that is known: all kinds of references, by several compilers and linkers. */
#include "graph_link.h"

static const char first_source[] =
    "#define APART __attribute__((noinline, noclone))\n"
    "typedef int op(int);\n"
    "extern volatile int value;\n"
    /* Functions whose addresses are in a table. */
    "APART int op_twice(int x) { return 2 * x + value; }\n"
    "APART int op_square(int x) { return x * x + value; }\n"
    "APART int op_unused(int x) { return x / (value + 3); }\n"
    "op *const op_table[2] = {op_twice, op_square};\n"
    "APART int use_table(int x) { return op_table[x & 1](x); }\n"
    /* A jump table: each case calls another function. */
    "#define CASE(n) APART int case_##n(int x) { return x * (n + 7) + value; }\n"
    "CASE(0) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7)\n"
    "APART int use_switch(int x) { switch (x) {\n"
    "#define JUMP(n) case n: return case_##n(x) + n;\n"
    "JUMP(0) JUMP(1) JUMP(2) JUMP(3) JUMP(4) JUMP(5) JUMP(6) JUMP(7) default: return 1; } }\n"
    /* Static functions, which assemblers may call without a relocation, a long way down. */
    "static APART int static_last(int x) { return x - value; }\n"
    "static APART int static_middle(int x) { return static_last(x) + static_last(x + 1); }\n"
    "APART int use_static(int x) { return static_middle(x) ^ static_middle(x + 2); }\n"
    /* Weak ones: defined, overridden in the other object, and nowhere. */
    "__attribute__((weak)) APART int weak_own(int x) { return x + 3 * value; }\n"
    "int weak_other(int); int weak_nowhere(int) __attribute__((weak));\n"
    "APART int use_weak(int x) { return weak_own(x) + weak_other(x) + (weak_nowhere ? weak_nowhere(x) : 0); "
    "}\n"
    /* Chosen at start. */
    "static APART int chosen_fast(int x) { return x << 3; }\n"
    "static APART int chosen_slow(int x) { return x << 4; }\n"
    "static op *choose(void) { return value ? chosen_fast : chosen_slow; }\n"
    "int chosen(int x) __attribute__((ifunc(\"choose\")));\n"
    "APART int use_chosen(int x) { return chosen(x); }\n"
    /* A section that is found by its name. */
    "struct entry { const char *name; op *run; };\n"
    "extern const struct entry __start_registry[], __stop_registry[];\n"
    "APART int use_registry(int x) { int sum = 0;\n"
    "  for (const struct entry *e = __start_registry; e != __stop_registry; e++) sum += e->run(x) + "
    "e->name[0];\n"
    "  return sum; }\n"
    /* Thread-local ones, with a value and without. */
    "_Thread_local int thread_value = 42; _Thread_local int thread_zero;\n"
    "APART int use_thread(int x) { return thread_value++ + thread_zero++ + x; }\n"
    /* Zeros, and what has a value. */
    "int zeros[64]; int numbers[4] = {1, 2, 3, 4};\n"
    "APART int use_data(int x) { return zeros[x & 63]++ + numbers[x & 3]++; }\n"
    /* A table that is walked from its end. */
    "static const volatile int primes[8] = {2, 3, 5, 7, 11, 13, 17, 19};\n"
    "APART int use_end(int x) { const volatile int *p = primes + 8; while (p != primes) if (*--p < x) return "
    "*p; "
    "return 0; }\n"
    /* One of a group that both objects have. */
    "int grouped(int);\n"
    "int other(int);\n"
    "void _start(void);\n"
    "void _start(void) { int x = value;\n"
    "  x = use_table(x); x = use_switch(x); x = use_static(x); x = use_weak(x); x = use_chosen(x);\n"
    "  x = use_registry(x); x = use_thread(x); x = use_data(x); x = use_end(x); x = grouped(x); value = "
    "other(x);\n"
    "  for (;;) ; }\n";

static const char second_source[] =
    "#define APART __attribute__((noinline, noclone))\n"
    "typedef int op(int); struct entry { const char *name; op *run; };\n"
    "volatile int value = 5;\n"
    "APART int weak_other(int x) { return x + 11 * value; }\n"
    "static APART int registered(int x) { return x + 13 * value; }\n"
    "__attribute__((section(\"registry\"), used)) const struct entry registry_entry = {\"entry\", "
    "registered};\n"
    "static APART void started(void) { value = 17; }\n"
    "__attribute__((constructor)) static void construct(void) { started(); }\n"
    "APART int other(int x) { return x * value; }\n"
    "APART int other_unused(int x) { return x % (value + 1); }\n";

/* The same group in both objects: the first one's is kept. */
static const char group_source[] =
    ".section .text.grouped,\"axG\",@progbits,grouped,comdat\n.weak grouped\n.type grouped, %%function\n"
    "grouped:\n %s grouped_need\n.size grouped, .-grouped\n"
    ".text\n.type grouped_need, %%function\n.hidden grouped_need\n.weak grouped_need\ngrouped_need: %s\n"
    ".size grouped_need, .-grouped_need\n.section .note.GNU-stack,\"\",@progbits\n";

static const char *const edges[][2] = {
    {"_start", "use_table"},
    {"_start", "use_switch"},
    {"_start", "use_static"},
    {"_start", "use_weak"},
    {"_start", "use_chosen"},
    {"_start", "use_registry"},
    {"_start", "use_thread"},
    {"_start", "use_data"},
    {"_start", "grouped"},
    {"_start", "other"},
    {"_start", "value"},
    {"use_table", "op_table"},
    {"op_table", "op_twice"},
    {"op_table", "op_square"},
    {"use_switch", "case_0"},
    {"use_switch", "case_5"},
    {"use_switch", "case_7"},
    {"use_static", "static_middle"},
    {"static_middle", "static_last"},
    {"use_weak", "weak_own"},
    {"use_weak", "weak_other"},
    {"use_chosen", "choose|chosen"},
    {"choose|chosen", "chosen_fast"},
    {"choose|chosen", "chosen_slow"},
    {"use_registry", "registry_entry"},
    {"registry_entry", "registered"},
    {"registered", "value"},
    {"use_thread", "thread_value"},
    {"use_data", "zeros"},
    {"use_data", "numbers"},
    {"use_end", "primes"},
    {"construct", "started"},
    {"grouped", "grouped_need"},
    {"(start)", "_start"},
};

static const char *const no_edges[][2] = {
    {"use_table", "op_twice"},  {"op_table", "op_unused"}, {"_start", "started"},
    {"use_data", "primes"},     {"use_thread", "numbers"}, {"use_thread", "zeros"},
    {"static_last", "started"}, {"other", "weak_other"},   {"use_registry", "registered"},
};

struct way {
    const char *compiler, *linker, *optimise, *sections, *place;
    const char *architecture, *strip;
};

static bool is_pie(const struct way *way)
{
    return strcmp(way->place, "-static-pie") == 0;
}

/* The end of a table is the start of what follows it in its section. That this is not meant shows where it would have
 * been named: not in mold's programs, in which all names are local, nor on arm64, where gcc names one variable of a
 * section and counts from there to others, which no relocation tells of. */
static bool is_told(const struct way *way, const char *symbol)
{
    return strcmp(symbol, "primes") != 0 || way->sections[0] != '\0' ||
           (strcmp(way->architecture, "arm64") != 0 && strcmp(way->linker, "mold") != 0);
}

static void check_edges(const struct graph *graph, const struct way *way)
{
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        if (is_told(way, edges[i][1]) && !CHECK(graph_refers(graph, edges[i][0], edges[i][1])))
            fprintf(stderr, "    %s to %s\n", edges[i][0], edges[i][1]);
    for (size_t i = 0; i < sizeof(no_edges) / sizeof(no_edges[0]); i++)
        if (!CHECK(!graph_refers(graph, no_edges[i][0], no_edges[i][1])))
            fprintf(stderr, "    %s to %s\n", no_edges[i][0], no_edges[i][1]);
}

/* What nothing refers to is left out where it has a section of its own, and else marked. */
static void check_unused(const struct graph *graph, bool sections)
{
    static const char *const unused[] = {"op_unused", "other_unused"};
    for (size_t i = 0; i < sizeof(unused) / sizeof(unused[0]); i++) {
        uint32_t atom = graph_find(graph, unused[i]);
        if (sections)
            CHECK(atom == GRAPH_NONE);
        else if (CHECK(atom != GRAPH_NONE))
            CHECK_NUMBER(graph->atoms[atom].kept, GRAPH_SECTION);
    }
    for (uint32_t i = 1; i < graph->atom_count; i++)
        if (!CHECK(graph->atoms[i].kept != GRAPH_UNKNOWN))
            fprintf(stderr, "    %s in %s\n", graph_text(graph, graph->atoms[i].name),
                    graph_text(graph, graph->atoms[i].section));
}

/* Each chain goes along edges, and what dominates an atom is on it. */
static void check_chains(struct graph_program *program)
{
    const struct graph *graph = &program->graph;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        struct shared_error err;
        uint32_t *chain;
        size_t length;
        bool dominated = false;
        if (!CHECK(graph_chain(graph, i, &program->arena, &chain, &length, &err) == 0))
            return;
        CHECK(chain[0] == GRAPH_ROOT && chain[length - 1] == i);
        for (size_t k = 0; k + 1 < length; k++) {
            CHECK(graph_has_edge(graph, chain[k], chain[k + 1]));
            dominated |= chain[k] == graph->atoms[i].dominator;
        }
        CHECK(dominated);
    }
}

/* The jump table is a part without a name that leads to its function. */
static bool has_jump_table(const struct graph *graph)
{
    uint32_t function = graph_find(graph, "use_switch");
    for (uint32_t i = 1; i < graph->atom_count; i++)
        if (!graph->atoms[i].code && !graph->atoms[i].named && graph_has_edge(graph, i, function) &&
            graph_has_edge(graph, function, i))
            return true;
    return false;
}

static void write_group(const struct way *way)
{
    char text[1024];
    bool arm64 = strcmp(way->architecture, "arm64") == 0;
    snprintf(text, sizeof(text), group_source, arm64 ? "b" : "jmp", "ret");
    scratch_file("group.s", text);
    scratch_file("group2.s", text);
}

static void check_way(const struct way *way)
{
    char row[160];
    struct graph_program program;
    struct shared_error err = {0};
    snprintf(row, sizeof(row), "%s %s %s%s%s", way->compiler, way->linker, way->optimise, way->sections,
             way->place);
    CHECK_ROW(row);
    write_group(way);
    SHELL_NEED("%s -std=gnu17 %s -g -fjump-tables -fno-stack-protector %s %s -c first.c second.c && "
               "%s %s -c group.s group2.s",
               way->compiler, way->optimise, way->sections, is_pie(way) ? "-fPIE" : "-fno-pie", way->compiler,
               is_pie(way) ? "-fPIE" : "-fno-pie");
    SHELL_NEED("%s -fuse-ld=%s -nostdlib %s -Wl,--gc-sections,-q,--build-id=none,-Map=program.map %s first.o "
               "second.o group.o group2.o -o program",
               way->compiler, way->linker, way->place,
               strcmp(way->linker, "lld") == 0 ? "-Wl,-z,nostart-stop-gc" : "");
    if (CHECK(graph_program_read(&program, way->architecture, way->strip, &err) == 0)) {
        check_edges(&program.graph, way);
        check_unused(&program.graph, way->sections[0] != '\0');
        check_chains(&program);
        /* arm64's hold distances that need no relocation; gcc does without one at -O0 where it may not relocate. */
        if (strcmp(way->architecture, "x86_64") == 0)
            CHECK(has_jump_table(&program.graph));
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    graph_program_clean_up(&program);
    CHECK_ROW(NULL);
}

static const char *const linkers[] = {"bfd", "lld", "mold"};
static const char *const optimisations[] = {"-O0", "-O2"};
static const char *const sections[] = {"", "-ffunction-sections -fdata-sections"};
static const char *const places[] = {"-static -no-pie", "-static-pie"};

static void check_compiler(const char *compiler, const char *architecture, const char *strip,
                           unsigned wanted_linkers)
{
    for (size_t linker = 0; linker < 3; linker++) {
        const char *tools[] = {"ld.bfd", "ld.lld", "mold"};
        if ((wanted_linkers >> linker & 1) == 0 || !has_tool(tools[linker]))
            continue;
        for (size_t i = 0; i < 8; i++) {
            const struct way way = {compiler,
                                    linkers[linker],
                                    optimisations[i & 1],
                                    sections[i >> 1 & 1],
                                    places[i >> 2],
                                    architecture,
                                    strip};
            check_way(&way);
        }
    }
}

static void test_x86_64(void)
{
    check_compiler("gcc", "x86_64", "strip", 7);
    if (has_tool("clang"))
        check_compiler("clang", "x86_64", "strip", 7);
}

static void test_arm64(void)
{
    if (has_tool("aarch64-linux-gnu-gcc"))
        check_compiler("aarch64-linux-gnu-gcc", "arm64", "aarch64-linux-gnu-strip", 1);
    if (has_tool("clang") && has_tool("aarch64-linux-gnu-strip"))
        check_compiler("clang --target=aarch64-linux-gnu", "arm64", "aarch64-linux-gnu-strip", 6);
}

#define MANY 60000

/* As many sections as a file has without an index of its own for them, each of which needs the next one: nothing is
 * looked through for each of them, and nothing calls itself for each of them. */
static void test_many_sections(void)
{
    struct graph_program program;
    struct shared_error err = {0};
    if (!has_tool("ld.lld")) {
        printf("ld.lld is not installed, and GNU ld takes long over many sections: not tried\n");
        return;
    }
    FILE *file = fopen("many.s", "w");
    SCRATCH_NEED(file);
    fprintf(file, ".globl _start\n.text\n_start: %s f0\n",
            strcmp(HOST_ARCHITECTURE, "arm64") == 0 ? "b" : "jmp");
    for (int i = 0; i < MANY; i++)
        fprintf(
            file,
            ".section s%d,\"a\",%%progbits\n.globl f%d\n.type f%d,%%object\n.size f%d,8\nf%d: .quad f%d\n", i,
            i, i, i, i, (i + 1) % MANY);
    SCRATCH_NEED(fclose(file) == 0);
    SHELL_NEED(
        "gcc -c many.s && gcc -fuse-ld=lld -nostdlib -static -no-pie -Wl,--gc-sections,-q,-Map=program.map "
        "-Wl,--build-id=none many.o -o program");
    if (CHECK(graph_program_read(&program, HOST_ARCHITECTURE, "strip", &err) == 0)) {
        uint32_t *chain, last = graph_find(&program.graph, "f59999");
        size_t length = 0;
        CHECK_NUMBER(program.graph.atom_count, MANY + 2);
        CHECK(last != GRAPH_NONE &&
              graph_chain(&program.graph, last, &program.arena, &chain, &length, &err) == 0);
        CHECK_NUMBER(length, MANY + 2);
        CHECK_NUMBER(program.graph.atoms[GRAPH_ROOT].retained_bytes,
                     program.graph.file_bytes - program.graph.header_bytes - program.graph.table_bytes -
                         program.graph.padding_bytes);
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    graph_program_clean_up(&program);
}

/* gold fails where it is to keep relocations and drop sections: there is no program to look into. */
static void test_gold(void)
{
    if (!has_tool("ld.gold"))
        return;
    write_group(&(struct way){.architecture = HOST_ARCHITECTURE});
    SHELL_NEED("gcc -O2 -fno-pie -c first.c second.c group.s && rm -f program");
    bool linked =
        shell("gcc -fuse-ld=gold -nostdlib -static -Wl,--gc-sections,-q,-Map=program.map first.o second.o "
              "group.o -o program");
    if (linked) {
        struct graph_program program;
        struct shared_error err = {0};
        CHECK(graph_program_read(&program, HOST_ARCHITECTURE, "strip", &err) <= 0);
        graph_program_clean_up(&program);
    } else {
        CHECK(!shell("test -s program"));
    }
}

int main(void)
{
    char *folder = scratch_enter();
    scratch_file("first.c", first_source);
    scratch_file("second.c", second_source);
    CHECK_RUN(test_x86_64);
    CHECK_RUN(test_arm64);
    CHECK_RUN(test_many_sections);
    CHECK_RUN(test_gold);
    scratch_leave(folder);
    return check_report();
}
