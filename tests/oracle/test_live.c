/*
 * test_live MANIFEST FUNCTION x86_64|arm64 [NAME=ARCHIVE,INCLUDE]…: that the inputs, the linker and packer/graph are of
 * one opinion on what is in a program and what refers to what, for each linker and each way to link.
 *
 * Linkers are those that the compilers find. To try another mold, put a folder with its mold and ld.mold first in PATH;
 * LIVE_LINKER=mold leaves out all others.
 */
#include "../unit/scratch.h"
#include "check.h"

#include "base/file.h"
#include "fill_check.h"
#include "live_build.h"
#include "live_compare.h"

#define UNKNOWN_PER_MILLE 5 /* of a program's bytes, at most */
#define LIBRARIES 8

static const char *const linkages[] = {"static", "static-pie", "dynamic", "pie"};

struct family {
    const char *architecture, *compiler, *strip;
    bool bfd; /* the compiler finds GNU ld */
    bool others;
    bool lto;
};

static const struct family families[] = {
    {"x86_64", "gcc", "strip", true, true, true},
    {"x86_64", "clang", "strip", true, true, true},
    {"arm64", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-strip", true, false, true},
    {"arm64", "clang --target=aarch64-linux-gnu", "aarch64-linux-gnu-strip", false, true, true},
};

static bool has_tool(const char *name)
{
    char command[128];
    snprintf(command, sizeof(command), "command -v %s >/dev/null", name);
    return system(command) == 0;
}

static int read_all(const struct live_build *build, const struct live_way *way,
                    const struct live_program *program, struct shared_arena *arena, struct graph *graph,
                    struct image_layout *layout, struct oracle_link *link, struct shared_error *err)
{
    struct shared_slice printed;
    struct oracle_command command;
    int status = graph_read(build->manifest, build->function, &program->paths, arena, graph, err);
    if (status == 0)
        status = image_layout_read(build->manifest, build->function, &program->paths, true, arena, arena,
                                   layout, err);
    if (status == 0)
        status = file_read(program->command, (size_t)1 << 24, arena, &printed, err);
    if (status == 0)
        status = oracle_command_parse(printed, way->linker, arena, &command, err);
    return status < 0 ? status : oracle_link_run(&command, arena, link, err);
}

static void check_bytes_of(const struct graph *graph, const struct image_layout *layout,
                           struct shared_arena *arena)
{
    struct fill_count count = {0};
    struct shared_error err = {0};
    CHECK(fill_count(graph, &layout->shipped, &layout->unstripped, arena, &count, &err) == 0);
    CHECK_NUMBER(graph->file_bytes, layout->shipped.content.size_bytes);
    CHECK_NUMBER(graph->padding_bytes + graph->table_bytes, count.padding_bytes + count.table_bytes);
    /* Among code stand branches of the linker's own, in two of the ways on arm64: tables, not padding. */
    CHECK(graph->table_bytes - count.table_bytes >= count.meaningful);
    CHECK(graph->table_bytes - count.table_bytes <= 64 * count.meaningful);
}

/* What was optimised at link time is of no library, and its members are called the same after each link. */
static void check_lto(const struct graph *graph, bool lto)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < graph->member_count; i++) {
        const struct graph_member *member = &graph->members[i];
        if (!member->lto)
            continue;
        bytes += member->bytes;
        CHECK_TEXT(graph_text(graph, graph->libraries[member->library].name), "lto");
        CHECK(strncmp(graph_text(graph, member->name), "lto.", 4) == 0);
    }
    CHECK((bytes > 0) == lto);
}

static void check_program(const struct live_build *build, const struct live_way *way,
                          const struct live_program *program)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct graph graph;
    struct image_layout layout;
    struct oracle_link link;
    struct live_differences found = {0};
    struct shared_slice removed;
    int status = read_all(build, way, program, &arena, &graph, &layout, &link, &err);
    if (status == 0)
        status = file_read(program->removed, (size_t)1 << 28, &arena, &removed, &err);
    if (status == 0)
        status = live_compare(&link, &layout, removed, &graph, stderr, &found, &err);
    if (CHECK_NUMBER(status, 0)) {
        CHECK(found.sections > 10 && found.edges > 3);
        CHECK_NUMBER(found.dropped, 0);
        CHECK_NUMBER(found.mapped, 0);
        CHECK_NUMBER(found.runs, 0);
        CHECK_NUMBER(found.edges_missing, 0);
        CHECK_NUMBER(found.edges_made_up, 0);
        CHECK_NUMBER(found.parents_wrong, 0);
        CHECK_NUMBER(found.bytes_missing, 0);
        CHECK(found.bytes_unknown <= graph.file_bytes * UNKNOWN_PER_MILLE / 1000);
        check_bytes_of(&graph, &layout, &arena);
        check_lto(&graph, way->lto);
        printf("%s: %llu bytes, %llu unknown; %zu inputs, %zu sections, %zu edges between them\n", check_row,
               (unsigned long long)graph.file_bytes, (unsigned long long)found.bytes_unknown,
               link.object_count, found.sections, found.edges);
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    shared_arena_clean_up(&arena);
}

static void check_way(struct live_build *build, const struct live_way *way)
{
    char row[128];
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct live_program program;
    snprintf(row, sizeof(row), "%s, %s, %s, %s%s", build->function->name, way->compiler, way->linker_name,
             way->linkage, way->lto ? ", optimised at link time" : "");
    CHECK_ROW(row);
    build->arena = &arena;
    if (CHECK(live_build_run(build, way, &program, &err))) {
        check_program(build, way, &program);
    } else {
        fprintf(stderr, "    %s\n", err.text);
        fflush(stderr);
        (void)!system("tail -5 log >&2");
    }
    CHECK_ROW(NULL);
    shared_arena_clean_up(&arena);
}

static bool is_wanted(const char *linker)
{
    const char *only = getenv("LIVE_LINKER");
    return !only || strcmp(only, linker) == 0;
}

/* "mold 2.37.1 (compatible with GNU ld)": what was tried is to be seen in the log. */
static void print_version(const char *tool)
{
    char command[128];
    snprintf(command, sizeof(command), "%s --version | head -n 1", tool);
    fflush(stdout);
    (void)!system(command);
}

static void check_family(struct live_build *build, const struct family *family)
{
    static const struct {
        const char *name, *tool;
        enum oracle_linker linker;
    } linkers[] = {{"bfd", NULL, ORACLE_BFD}, {"lld", "ld.lld", ORACLE_LLD}, {"mold", "mold", ORACLE_MOLD}};
    for (size_t i = 0; i < sizeof(linkers) / sizeof(linkers[0]); i++) {
        if (!is_wanted(linkers[i].name) || (linkers[i].tool ? !family->others : !family->bfd))
            continue;
        if (linkers[i].tool && !has_tool(linkers[i].tool)) {
            printf("%s is not installed: not tried\n", linkers[i].tool);
            continue;
        }
        print_version(linkers[i].tool ? linkers[i].tool : "ld.bfd");
        for (size_t k = 0; k < sizeof(linkages) / sizeof(linkages[0]); k++) {
            struct live_way way = {family->compiler, family->strip,     linkers[i].name,
                                   linkages[k],      linkers[i].linker, false};
            check_way(build, &way);
            /* lld reads clang's bytecode alone, and the other linkers what their compiler has a plugin for. */
            way.lto =
                k == 0 && family->lto && (linkers[i].linker == ORACLE_LLD) == (family->compiler[0] == 'c');
            if (way.lto)
                check_way(build, &way);
        }
    }
}

static size_t read_libraries(char **arguments, int count, struct live_library *libraries)
{
    size_t found = 0;
    for (int i = 0; i < count && found < LIBRARIES; i++) {
        char *equals = strchr(arguments[i], '='), *comma = equals ? strchr(equals, ',') : NULL;
        if (!comma)
            continue;
        *equals = *comma = '\0';
        libraries[found++] = (struct live_library){arguments[i], equals + 1, comma + 1};
    }
    return found;
}

int main(int argc, char **argv)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct manifest manifest;
    struct live_library libraries[LIBRARIES];
    struct live_build build = {.manifest = &manifest, .libraries = libraries};
    if (argc < 4 || manifest_read(argv[1], &arena, &manifest, &err) < 0) {
        fprintf(stderr, "usage: test_live MANIFEST FUNCTION ARCHITECTURE [NAME=ARCHIVE,INCLUDE]…: %s\n",
                err.text);
        return 2;
    }
    build.library_count = read_libraries(argv + 4, argc - 4, libraries);
    for (size_t i = 0; i < manifest.function_count; i++)
        if (strcmp(manifest.functions[i].name, argv[2]) == 0)
            build.function = &manifest.functions[i];
    manifest.architecture = strcmp(argv[3], "arm64") == 0 ? ARCHITECTURE_ARM64 : ARCHITECTURE_X86_64;
    if (!CHECK(build.function != NULL))
        return check_report();
    char *folder = scratch_enter();
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        char tool[64];
        snprintf(tool, sizeof(tool), "%.*s", (int)strcspn(families[i].compiler, " "), families[i].compiler);
        if (strcmp(families[i].architecture, argv[3]) != 0)
            continue;
        if (has_tool(tool))
            check_family(&build, &families[i]);
        else
            printf("%s is not installed: not tried\n", tool);
    }
    scratch_leave(folder);
    shared_arena_clean_up(&arena);
    return check_report();
}
