#include "link/link.h"

#include "base/file.h"
#include "base/path.h"
#include "link/argv.h"
#include "link/compile.h"
#include "link/cut_sections.h"
#include "link/link_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int no_memory(const struct manifest_function *function, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "function %s: no memory to link it", function->name);
}

/* A path is passed to the linker as an argument of its own: -Wl would split it at a comma. */
static void add_linker_path(struct argv *argv, const char *option, const char *path)
{
    argv_add(argv, "-Xlinker");
    argv_add_joined(argv, option, path);
}

/* GNU ld puts the output's name where a map's has its first % (ld's manual, -Map): in a folder that has one, what
 * begins with it is the way to say the same. Branches named a/b have folders named a%2Fb on build machines. */
static const char *map_argument(const struct link_work *work, const char *folder)
{
    if (work->manifest->toolchain.linker == LINKER_BFD && strchr(folder, '%'))
        return "%.map";
    return shared_arena_format(work->arena, "%s/program.map", folder);
}

static void add_link_flags(struct argv *argv, const struct link_work *work,
                           const struct manifest_function *function, const char *folder)
{
    argv_add(argv, work->toolchain->compiler);
    argv_add(argv, work->toolchain->linker_flag);
    argv_add(argv, function->linkage == LINKAGE_STATIC ? "-static" : "-no-pie");
    /* Segments that share a page where they can: a third of a small program is padding otherwise. */
    argv_add(argv, "-Wl,--gc-sections,-q,--as-needed,-O1,--hash-style=gnu,-z,noseparate-code");
    /* A build id is a hash of the debugging information too, which names the folders where archives were made:
     * Debian's gcc asks for one. */
    argv_add(argv, "-Wl,--build-id=none");
    argv_add_all(argv, &work->manifest->toolchain.flags);
    argv_add_all(argv, &function->flags);
    add_linker_path(argv, "-Map=", map_argument(work, folder));
    add_linker_path(argv, "--dependency-file=", shared_arena_format(work->arena, "%s/program.d", folder));
}

/* The step that links a function's objects and libraries. */
static int plan_link(const struct link_work *work, const struct manifest_function *function,
                     const struct link_input *input, const char *folder, struct step *step,
                     struct shared_error *err)
{
    struct argv argv = {.arena = work->arena};
    const char *program = shared_arena_format(work->arena, "%s/program", folder);
    add_link_flags(&argv, work, function, folder);
    argv_add(&argv, "-o");
    argv_add(&argv, program);
    for (size_t i = 0; i < function->sources.count; i++)
        argv_add(&argv, input->objects[i]);
    for (size_t i = 0; i < function->objects.count; i++)
        argv_add_path(&argv, function->objects.items[i]);
    for (size_t i = 0; i < input->archive_count; i++)
        argv_add(&argv, input->archives[i]);
    argv_add_all(&argv, &work->manifest->toolchain.link_flags);
    *step = (struct step){
        .title = shared_arena_format(work->arena, "function %s: link", function->name),
        .argv = argv.items,
        .folder = work->toolchain->folder,
        .key = work->toolchain->key,
        .output = program,
        .beside = shared_arena_format(work->arena, "%s/program.map", folder),
        .depfile = shared_arena_format(work->arena, "%s.d", program),
        .line_each = true,
    };
    return argv.failed || !step->title || !step->beside || !step->depfile ? no_memory(function, err) : 0;
}

/* The step that strips what ships. */
static int plan_strip(const struct link_work *work, const struct manifest_function *function,
                      const char *folder, const struct linked *linked, struct step *step,
                      struct shared_error *err)
{
    struct argv argv = {.arena = work->arena};
    const char **inputs = shared_arena_alloc(work->arena, 2 * sizeof(*inputs));
    const char *stripped = shared_arena_format(work->arena, "%s/stripped", folder);
    argv_add(&argv, work->toolchain->strip);
    argv_add(&argv, "--strip-all");
    argv_add(&argv, "--remove-section=.comment");
    argv_add(&argv, "-o");
    argv_add(&argv, stripped);
    argv_add(&argv, linked->unstripped);
    if (argv.failed || !inputs)
        return no_memory(function, err);
    inputs[0] = linked->unstripped;
    inputs[1] = NULL;
    *step = (struct step){
        .title = shared_arena_format(work->arena, "function %s: strip", function->name),
        .argv = argv.items,
        .folder = work->toolchain->folder,
        .key = work->toolchain->key,
        .output = stripped,
        .inputs = inputs,
    };
    return step->title ? 0 : no_memory(function, err);
}

/* Plans one function: compile steps go into the plan, a link step follows where it is not a ready binary. */
static int plan_function(const struct link_work *work, const struct manifest_function *function,
                         struct compile_plan *compile, struct step *link, size_t *link_count,
                         struct linked *linked, struct shared_error *err)
{
    struct link_input input;
    const char *folder = shared_arena_format(work->arena, "%s/function/%s", work->state, function->name);
    if (!folder)
        return no_memory(function, err);
    int status = file_make_folders(folder, err);
    if (status == 0)
        status = link_input_find(work, function, compile, &input, err);
    if (status < 0)
        return status;

    linked->shipped = shared_arena_format(work->arena, "%s/bootstrap", folder);
    linked->map = function->map ? path_join(work->arena, work->toolchain->folder, function->map) : NULL;
    linked->unstripped = function->binary ? path_join(work->arena, work->toolchain->folder, function->binary)
                                          : shared_arena_format(work->arena, "%s/program", folder);
    if (!function->binary) {
        linked->map = shared_arena_format(work->arena, "%s/program.map", folder);
        status = plan_link(work, function, &input, folder, &link[(*link_count)++], err);
    }
    return status < 0 || !linked->shipped || !linked->unstripped
               ? (status < 0 ? status : no_memory(function, err))
               : 0;
}

/* All of a kind at once: objects first, then programs, then what ships. */
static int run_plan(const struct link_work *work, const struct link_options *options,
                    struct hash_cache *cache, const struct compile_plan *compile, const struct step *link,
                    size_t link_count, struct linked *linked, struct step_messages *messages,
                    struct shared_error *err)
{
    unsigned parallel = options->parallel ? options->parallel : job_processors();
    const struct manifest *manifest = work->manifest;
    int status = step_run_all(compile->steps, compile->count, parallel, cache, messages, options->progress,
                              options->user, err);
    if (status == 0)
        status =
            step_run_all(link, link_count, parallel, cache, messages, options->progress, options->user, err);
    struct step *strip = shared_arena_alloc(work->arena, manifest->function_count * sizeof(*strip));
    if (status == 0 && !strip)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to strip");
    size_t strip_count = 0;
    for (size_t i = 0; status == 0 && i < manifest->function_count; i++) {
        if (!linked[i].shipped)
            continue;
        const char *folder = path_folder(work->arena, linked[i].shipped);
        status = plan_strip(work, &manifest->functions[i], folder, &linked[i], &strip[strip_count++], err);
    }
    if (status == 0)
        status = step_run_all(strip, strip_count, parallel, cache, messages, options->progress, options->user,
                              err);
    for (size_t i = 0, done = 0; status == 0 && i < manifest->function_count; i++)
        if (linked[i].shipped)
            status = cut_sections(strip[done++].output, linked[i].shipped, work->arena, &linked[i].id, err);
    return status;
}

/* The state folder's absolute path: commands run in another folder. */
static const char *make_state(const char *state, struct shared_arena *arena, struct shared_error *err)
{
    const char *objects = path_join(arena, state, "object");
    if (!objects || file_make_folders(objects, err) < 0)
        return NULL;
    char *absolute = realpath(state, NULL);
    const char *copy = absolute ? shared_arena_copy(arena, shared_slice_from_text(absolute)) : NULL;
    if (!copy)
        shared_fail(err, SHARED_EIO, errno, "open folder %s", state);
    free(absolute);
    return copy;
}

int link_functions(const struct manifest *manifest, const struct link_options *options,
                   struct shared_arena *arena, struct linked *linked, struct step_messages *messages,
                   struct shared_error *err)
{
    struct hash_cache cache = {.arena = arena};
    struct toolchain toolchain;
    size_t sources = 0, programs = 0, link_count = 0;
    for (size_t i = 0; i < manifest->function_count; i++) {
        linked[i] = (struct linked){0};
        programs += manifest_is_program(&manifest->functions[i]);
        sources += manifest->functions[i].sources.count;
    }
    if (programs == 0)
        return 0; /* and no tool is needed */
    const char *state = make_state(options->state, arena, err);
    if (!state)
        return err ? (int)err->code : SHARED_EIO;
    int status = toolchain_find(manifest, &cache, &toolchain, err);
    if (status < 0)
        return status;

    struct link_work work = {manifest, &toolchain, state, arena};
    struct compile_plan compile = {.steps = shared_arena_alloc(arena, sources * sizeof(struct step))};
    struct step *link = shared_arena_alloc(arena, manifest->function_count * sizeof(*link));
    if (!compile.steps || !link)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to link %zu functions",
                           manifest->function_count);
    for (size_t i = 0; status == 0 && i < manifest->function_count; i++)
        if (manifest_is_program(&manifest->functions[i]))
            status =
                plan_function(&work, &manifest->functions[i], &compile, link, &link_count, &linked[i], err);
    if (status < 0)
        return status;
    return run_plan(&work, options, &cache, &compile, link, link_count, linked, messages, err);
}
