#include "link/link.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "link/argv.h"
#include "link/compile.h"
#include "link/cut_sections.h"
#include "link/link_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What one call of link_ways makes. */
struct making {
    struct link_session *session;
    const struct link_way *ways;
    struct linked *linked; /* of each way */
    size_t count;
    struct compile_plan compile;
    struct step *steps; /* of a kind at a time: link, then strip */
    size_t step_count;
    bool *failed; /* of each way: it was a trial, and cannot be linked */
};

struct link_session {
    struct link_work work;
    struct toolchain toolchain;
    struct hash_cache cache;
    const struct link_options *options;
};

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

/* Where linkers look for what shared objects need: beside them. */
static void add_shared_folders(struct argv *argv, const struct link_work *work, const struct link_way *way)
{
    for (size_t i = 0; i < way->shared_count; i++)
        add_linker_path(argv, "-rpath-link=", path_folder(work->arena, way->shared[i].path));
}

static void add_link_flags(struct argv *argv, const struct link_work *work, const struct link_way *way,
                           const char *folder)
{
    const struct manifest_function *function = way->function;
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
    add_shared_folders(argv, work, way);
    add_linker_path(argv, "-Map=", map_argument(work, folder));
    add_linker_path(argv, "--dependency-file=", shared_arena_format(work->arena, "%s/program.d", folder));
}

/* The step that links a function's objects and libraries. */
static int plan_link(struct making *making, size_t i, const struct link_input *input, const char *folder,
                     struct shared_error *err)
{
    const struct link_work *work = &making->session->work;
    const struct link_way *way = &making->ways[i];
    const struct manifest_function *function = way->function;
    struct argv argv = {.arena = work->arena};
    const char *program = making->linked[i].unstripped;
    add_link_flags(&argv, work, way, folder);
    argv_add(&argv, "-o");
    argv_add(&argv, program);
    for (size_t j = 0; j < function->sources.count; j++)
        argv_add(&argv, input->objects[j]);
    for (size_t j = 0; j < function->objects.count; j++)
        argv_add_path(&argv, function->objects.items[j]);
    for (size_t j = 0; j < input->archive_count; j++)
        argv_add(&argv, input->archives[j]);
    argv_add_all(&argv, &work->manifest->toolchain.link_flags);
    struct step *step = &making->steps[making->step_count++];
    *step = (struct step){
        .title = shared_arena_format(work->arena, "function %s: link", function->name),
        .argv = argv.items,
        .folder = work->toolchain->folder,
        .key = work->toolchain->key,
        .output = program,
        .beside = making->linked[i].map,
        .depfile = shared_arena_format(work->arena, "%s.d", program),
        .line_each = true,
        .failed = way->trial ? &making->failed[i] : NULL,
    };
    return argv.failed || !step->title || !step->depfile ? no_memory(function, err) : 0;
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

/* Plans one way: compile steps go into the plan, a link step follows where it is not a ready binary. */
static int plan_way(struct making *making, size_t i, struct shared_error *err)
{
    const struct link_work *work = &making->session->work;
    const struct link_way *way = &making->ways[i];
    const struct manifest_function *function = way->function;
    struct linked *linked = &making->linked[i];
    struct link_input input;
    const char *folder = shared_arena_format(work->arena, "%s/function/%s%s%s", work->state, function->name,
                                             way->folder[0] ? "/" : "", way->folder);
    if (!folder)
        return no_memory(function, err);
    int status = file_make_folders(folder, err);
    if (status == 0)
        status = link_input_find(work, way, &making->compile, &input, err);
    if (status < 0)
        return status;

    const char *given = work->toolchain->folder;
    linked->shipped = shared_arena_format(work->arena, "%s/bootstrap", folder);
    linked->unstripped = function->binary ? path_join(work->arena, given, function->binary)
                                          : shared_arena_format(work->arena, "%s/program", folder);
    if (!function->binary)
        linked->map = shared_arena_format(work->arena, "%s/program.map", folder);
    else if (function->map)
        linked->map = path_join(work->arena, given, function->map);
    if (!linked->shipped || !linked->unstripped || (!linked->map && (!function->binary || function->map)))
        return no_memory(function, err);
    return function->binary ? 0 : plan_link(making, i, &input, folder, err);
}

static int run_steps(const struct making *making, const struct step *steps, size_t count,
                     struct step_messages *messages, struct shared_error *err)
{
    const struct link_options *options = making->session->options;
    unsigned parallel = options->parallel ? options->parallel : job_processors();
    return step_run_all(steps, count, parallel, &making->session->cache, messages, options->progress,
                        options->user, err);
}

static int cut_one(const char *stripped, struct linked *linked, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    return cut_sections(stripped, linked->shipped, &scratch, &linked->id, err);
}

/* What ships, of all that could be linked. */
static int strip_all(struct making *making, struct step_messages *messages, struct shared_error *err)
{
    const struct link_work *work = &making->session->work;
    int status = 0;
    making->step_count = 0;
    for (size_t i = 0; i < making->count; i++)
        if (making->failed[i])
            making->linked[i] = (struct linked){0};
    for (size_t i = 0; status == 0 && i < making->count; i++) {
        const struct linked *linked = &making->linked[i];
        const char *folder = linked->shipped ? path_folder(work->arena, linked->shipped) : NULL;
        if (linked->shipped)
            status = plan_strip(work, making->ways[i].function, folder, linked,
                                &making->steps[making->step_count++], err);
    }
    if (status == 0)
        status = run_steps(making, making->steps, making->step_count, messages, err);
    for (size_t i = 0, done = 0; status == 0 && i < making->count; i++)
        if (making->linked[i].shipped)
            status = cut_one(making->steps[done++].output, &making->linked[i], err);
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

int link_open(const struct manifest *manifest, const struct link_options *options, struct shared_arena *arena,
              struct link_session **session, struct shared_error *err)
{
    struct link_session *opened = shared_arena_alloc(arena, sizeof(*opened));
    if (!opened)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to link %s", manifest->path);
    const char *state = make_state(options->state, arena, err);
    if (!state)
        return err ? (int)err->code : SHARED_EIO;
    *opened = (struct link_session){.cache = {.arena = arena}, .options = options};
    opened->work = (struct link_work){manifest, &opened->toolchain, state, arena};
    *session = opened;
    return toolchain_find(manifest, &opened->cache, &opened->toolchain, err);
}

/* All of a kind at once: objects first, then programs, then what ships. */
int link_ways(struct link_session *session, const struct link_way *ways, size_t count, struct linked *linked,
              struct step_messages *messages, struct shared_error *err)
{
    struct shared_arena *arena = session->work.arena;
    struct making making = {.session = session, .ways = ways, .linked = linked, .count = count};
    size_t sources = 0;
    int status = 0;
    for (size_t i = 0; i < count; i++)
        sources += ways[i].function->sources.count;
    making.compile.steps = shared_arena_alloc(arena, sources * sizeof(*making.compile.steps));
    making.steps = shared_arena_alloc(arena, count * sizeof(*making.steps));
    making.failed = shared_arena_alloc(arena, count * sizeof(*making.failed));
    if (!making.compile.steps || !making.steps || !making.failed)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to link %zu functions", count);
    for (size_t i = 0; i < count; i++) {
        linked[i] = (struct linked){0};
        making.failed[i] = false;
    }
    for (size_t i = 0; status == 0 && i < count; i++)
        status = plan_way(&making, i, err);
    if (status == 0)
        status = run_steps(&making, making.compile.steps, making.compile.count, messages, err);
    if (status == 0)
        status = run_steps(&making, making.steps, making.step_count, messages, err);
    return status < 0 ? status : strip_all(&making, messages, err);
}

/* A function of files alone is not linked. */
static size_t list_programs(const struct manifest *manifest, struct link_way *ways)
{
    size_t count = 0;
    for (size_t i = 0; i < manifest->function_count; i++)
        if (manifest_is_program(&manifest->functions[i]))
            ways[count++] = (struct link_way){.function = &manifest->functions[i], .folder = ""};
    return count;
}

int link_functions(const struct manifest *manifest, const struct link_options *options,
                   struct shared_arena *arena, struct linked *linked, struct step_messages *messages,
                   struct shared_error *err)
{
    struct link_session *session;
    size_t functions = manifest->function_count;
    struct link_way *ways = shared_arena_alloc(arena, functions * sizeof(*ways));
    struct linked *programs = shared_arena_alloc(arena, functions * sizeof(*programs));
    if (!ways || !programs)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to link %zu functions", functions);
    for (size_t i = 0; i < functions; i++)
        linked[i] = (struct linked){0};
    size_t count = list_programs(manifest, ways);
    if (count == 0)
        return 0; /* and no tool is needed */
    int status = link_open(manifest, options, arena, &session, err);
    if (status == 0)
        status = link_ways(session, ways, count, programs, messages, err);
    for (size_t i = 0; status == 0 && i < count; i++)
        linked[ways[i].function - manifest->functions] = programs[i];
    return status;
}
