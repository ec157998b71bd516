#include "live_build.h"

#include "base/path.h"
#include "link/cut_sections.h"
#include "manifest/manifest.h"

#include <stdlib.h>
#include <string.h>

/* A command line that grows; words are quoted for the shell. */
struct line {
    struct shared_arena *arena;
    const char *text;
};

static void add(struct line *line, const char *word)
{
    const char *quoted =
        strchr(word, '\'') ? NULL : shared_arena_format(line->arena, "%s '%s'", line->text, word);
    if (!quoted)
        abort();
    line->text = quoted;
}

static void add_all(struct line *line, const struct manifest_texts *words)
{
    for (size_t i = 0; i < words->count; i++)
        add(line, words->items[i]);
}

static bool run(const struct line *line, const char *redirected)
{
    const char *command = shared_arena_format(line->arena, "%s %s", line->text, redirected);
    return command && system(command) == 0;
}

static const struct live_library *find_library(const struct live_build *build, const char *name)
{
    for (size_t i = 0; i < build->library_count; i++)
        if (strcmp(build->libraries[i].name, name) == 0)
            return &build->libraries[i];
    return NULL;
}

static bool is_position_independent(const struct live_way *way)
{
    return strstr(way->linkage, "pie") != NULL;
}

static struct line begin(const struct live_build *build, const struct live_way *way)
{
    /* A compiler may come with words of its own: "clang --target=…". */
    return (struct line){build->arena, way->compiler};
}

/* Objects are kept: linkers take the same ones. */
static const char *object_name(const struct live_build *build, const struct live_way *way, size_t source)
{
    char *name = shared_arena_format(build->arena, "%s-%s-%s%s.o", build->function->sources.items[source],
                                     way->compiler, is_position_independent(way) ? "pie" : "fixed",
                                     way->lto ? "-lto" : "");
    for (char *c = name; name && *c; c++)
        if (*c == '/' || *c == ' ' || *c == '=')
            *c = '_';
    return name;
}

static bool compile(const struct live_build *build, const struct live_way *way,
                    const struct manifest_library *const *libraries, size_t library_count)
{
    for (size_t i = 0; i < build->function->sources.count; i++) {
        const char *object = object_name(build, way, i);
        struct line line = begin(build, way);
        if (!object)
            return false;
        add_all(&line, &build->manifest->toolchain.flags);
        add_all(&line, &build->function->flags);
        add(&line, "-ffunction-sections");
        add(&line, "-fdata-sections");
        add(&line, is_position_independent(way) ? "-fPIE" : "-fno-pie");
        if (way->lto)
            add(&line, "-flto");
        for (size_t k = 0; k < library_count; k++) {
            const struct live_library *library = find_library(build, libraries[k]->name);
            if (library)
                add(&line, shared_arena_format(build->arena, "-I%s", library->include));
        }
        add(&line, "-c");
        add(&line, path_join(build->arena, build->manifest->folder, build->function->sources.items[i]));
        add(&line, "-o");
        add(&line, object);
        if (!run(&line, shared_arena_format(build->arena, "2>log && touch '%s'", object)))
            return false;
    }
    return true;
}

/* Archives that the compiler looks for itself, "libz.a", are named so that it takes no shared one. */
static void add_libraries(const struct live_build *build, struct line *line,
                          const struct manifest_library *const *libraries, size_t library_count)
{
    for (size_t i = 0; i < library_count; i++) {
        const struct live_library *library = find_library(build, libraries[i]->name);
        if (library) {
            add(line, library->archive);
            continue;
        }
        for (size_t k = 0; k < libraries[i]->archives.count; k++)
            add(line, shared_arena_format(build->arena, "-l:%s", libraries[i]->archives.items[k]));
    }
}

static struct line link_line(const struct live_build *build, const struct live_way *way, const char *name,
                             const struct manifest_library *const *libraries, size_t library_count,
                             const char *made)
{
    static const char *const options[][2] = {
        {"static", "-static"}, {"static-pie", "-static-pie"}, {"dynamic", "-no-pie"}, {"pie", "-pie"}};
    struct line line = begin(build, way);
    add(&line, shared_arena_format(build->arena, "-fuse-ld=%s", way->linker_name));
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (strcmp(options[i][0], way->linkage) == 0)
            add(&line, options[i][1]);
    add(&line, "-Wl,--gc-sections,-q,--as-needed,-O1,--hash-style=gnu,-z,noseparate-code,--build-id=none");
    add(&line, "-Wl,--print-gc-sections");
    add_all(&line, &build->manifest->toolchain.flags);
    if (way->lto && !made) {
        add(&line, "-flto");
        add(&line, way->linker == ORACLE_LLD ? "-Wl,--save-temps" : "-save-temps");
    }
    add(&line, shared_arena_format(build->arena, "-Wl,-Map=%s.map", name));
    add(&line, "-o");
    add(&line, name);
    for (size_t i = 0; !made && i < build->function->sources.count; i++)
        add(&line, object_name(build, way, i));
    if (made)
        line.text = shared_arena_format(build->arena, "%s %s", line.text, made);
    add_libraries(build, &line, libraries, library_count);
    add_all(&line, &build->manifest->toolchain.link_flags);
    return line;
}

/* What optimisation at link time made of the sources, under the names that the map has for it: the oracle is given that
 * in their place. lld keeps it under another name than it has in the map. */
static const char *made_objects(const struct live_build *build, const struct live_way *way, const char *name)
{
    if (!way->lto)
        return NULL;
    return way->linker == ORACLE_LLD ? shared_arena_format(build->arena, "lto.tmp")
                                     : shared_arena_format(build->arena, "%s.ltrans*.ltrans.o", name);
}

bool live_build_run(const struct live_build *build, const struct live_way *way, struct live_program *program,
                    struct shared_error *err)
{
    const struct manifest_library **libraries;
    size_t library_count;
    struct build_id id;
    const char *name =
        shared_arena_format(build->arena, "%s-%s-%s", build->function->name, way->linker_name, way->linkage);
    if (!name || manifest_link_order(build->manifest, build->function, build->arena, &libraries,
                                     &library_count, err) < 0)
        return false;
    const char *stripped = shared_arena_format(build->arena, "%s.stripped", name);
    program->paths.unstripped = name;
    program->paths.map = shared_arena_format(build->arena, "%s.map", name);
    program->paths.shipped = shared_arena_format(build->arena, "%s.shipped", name);
    program->removed = shared_arena_format(build->arena, "%s.removed", name);
    program->command = shared_arena_format(build->arena, "%s.command", name);
    struct line link = link_line(build, way, name, libraries, library_count, NULL);
    struct line told = link_line(build, way, name, libraries, library_count, made_objects(build, way, name));
    struct line keep = {build->arena, "cp"};
    add(&keep, shared_arena_format(build->arena, "%s.lto.o", name));
    add(&keep, "lto.tmp");
    struct line strip = {build->arena, way->strip};
    add(&strip, "--strip-all");
    add(&strip, "--remove-section=.comment");
    add(&strip, "-o");
    add(&strip, stripped);
    add(&strip, name);
    shared_fail(err, SHARED_EIO, 0, "a tool failed");
    return compile(build, way, libraries, library_count) &&
           run(&link, shared_arena_format(build->arena, ">%s 2>&1 || { tail -5 %s >log; false; }",
                                          program->removed, program->removed)) &&
           (!way->lto || way->linker != ORACLE_LLD || run(&keep, "2>log")) &&
           run(&told, shared_arena_format(build->arena, "'-###' >%s 2>&1", program->command)) &&
           run(&strip, ">log 2>&1") &&
           cut_sections(stripped, program->paths.shipped, build->arena, &id, err) == 0;
}
