#include "project.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/nearest.h"
#include "base/path.h"
#include "base/progress.h"
#include "command.h"
#include "project_graph.h"
#include "project_linkage.h"

#include <stdio.h>
#include <string.h>

const char *project_state(const struct manifest *manifest, const char *state, struct shared_arena *arena)
{
    if (state)
        return state;
    const char *name = shared_arena_format(arena, ".demine/%s", manifest->name);
    return name ? path_join(arena, manifest->folder, name) : NULL;
}

int project_take_folder(const char *folder, bool quiet, int *lock, struct shared_error *err)
{
    int status = file_make_folders(folder, err);
    if (status == 0)
        status = lock_folder(folder, false, lock, err);
    if (status == 1) {
        if (!quiet)
            fprintf(stderr, "demine: another demine works in %s; waiting for it\n", folder);
        status = lock_folder(folder, true, lock, err);
    }
    return status;
}

/* again: those of tools that failed alone. */
static void print_messages(const struct step_messages *messages, bool again)
{
    for (size_t i = 0; i < messages->count; i++) {
        const struct step_message *message = &messages->items[i];
        if (again && message->status == 0)
            continue;
        fprintf(stderr, "%s%s:\n", message->title, message->status ? "" : " (warning)");
        if (message->text.size_bytes > 0)
            fwrite(message->text.data, 1, message->text.size_bytes, stderr); /* a NUL may be in it */
        if (message->text.size_bytes == 0)
            fprintf(stderr, "  exit status %d and no word about it\n", message->status);
        else if (message->text.data[message->text.size_bytes - 1] != '\n')
            fputc('\n', stderr);
    }
}

static void link_advanced(void *user, size_t done, size_t count)
{
    progress_update(user, (double)done / (double)count, "linking");
}

/* A source that does not compile is none of the manifest's faults, which have an exit status of their own. */
static int blame_inputs(int status, struct shared_error *err)
{
    if (status != SHARED_EINVAL)
        return status;
    if (err)
        err->code = SHARED_EPROTO;
    return SHARED_EPROTO;
}

int project_link(const struct manifest *manifest, const struct project_link *options,
                 struct shared_arena *arena, struct linked *linked, struct shared_error *err)
{
    struct step_messages messages = {0};
    struct progress progress;
    progress_init(&progress, stderr, options->progress);
    const struct link_options link = {
        .state = options->state, .parallel = options->parallel, .progress = link_advanced, .user = &progress};
    struct report_linkages linkages = {0};
    int status = project_has_choices(manifest)
                     ? project_link_chosen(manifest, &link, arena, linked, &linkages, &messages, err)
                     : link_functions(manifest, &link, arena, linked, &messages, err);
    if (options->linkages)
        *options->linkages = linkages;
    progress_clean_up(&progress);
    print_messages(&messages, options->again);
    return blame_inputs(status, err);
}

static int no_memory(const struct project *project, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory to look into it", project->manifest.path);
}

static void *allocate(struct project *project, size_t size)
{
    void *memory = shared_arena_alloc(&project->arena, project->manifest.function_count * size);
    if (memory)
        memset(memory, 0, project->manifest.function_count * size);
    return memory;
}

/* Those of files alone have nothing that could be looked into. */
static int keep_programs(struct project *project, struct shared_error *err)
{
    struct manifest *manifest = &project->manifest;
    size_t kept = 0;
    project->files = allocate(project, sizeof(*project->files));
    if (!project->files)
        return no_memory(project, err);
    for (size_t i = 0; i < manifest->function_count; i++)
        if (manifest_is_program(&manifest->functions[i]))
            manifest->functions[kept++] = manifest->functions[i];
        else
            project->files[project->file_count++] = manifest->functions[i];
    manifest->function_count = kept;
    return kept ? 0
                : shared_fail(err, SHARED_EUNSUPPORTED, 0,
                              "%s has functions of files alone: there is no program to look into",
                              manifest->path);
}

int project_open(const struct project_options *options, struct project *project, struct shared_error *err)
{
    *project = (struct project){.state_lock = -1};
    const char *path = options->manifest ? options->manifest : "demine.json";
    int status = manifest_read(path, &project->arena, &project->manifest, err);
    if (status == 0)
        status = keep_programs(project, err);
    if (status < 0)
        return status;
    project->state = project_state(&project->manifest, options->state, &project->arena);
    project->linked = allocate(project, sizeof(*project->linked));
    project->graphs = allocate(project, sizeof(*project->graphs));
    if (!project->state || !project->linked || !project->graphs)
        return no_memory(project, err);
    const struct project_link link = {
        .state = project->state, .parallel = options->parallel, .progress = !options->quiet};
    status = project_take_folder(project->state, options->quiet, &project->state_lock, err);
    if (status == 0)
        status = project_link(&project->manifest, &link, &project->arena, project->linked, err);
    if (status == 0)
        status = project_read_graphs(project, err);
    return blame_inputs(status, err);
}

void project_release(struct project *project)
{
    lock_release(&project->state_lock);
}

void project_close(struct project *project)
{
    project_release(project);
    shared_arena_clean_up(&project->arena);
}

int project_failed(const struct shared_error *err)
{
    command_complain(err);
    return err->code == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

static const char *nearest_function(const struct manifest *manifest, const char *name)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const char **names = shared_arena_alloc(&scratch, manifest->function_count * sizeof(*names));
    for (size_t i = 0; names && i < manifest->function_count; i++)
        names[i] = manifest->functions[i].name;
    return names ? nearest_name(name, names, manifest->function_count) : NULL;
}

int project_find_function(const struct project *project, const char *name)
{
    const struct manifest *manifest = &project->manifest;
    for (size_t i = 0; i < manifest->function_count; i++)
        if (strcmp(manifest->functions[i].name, name) == 0)
            return (int)i;
    for (size_t i = 0; i < project->file_count; i++) {
        if (strcmp(project->files[i].name, name) != 0)
            continue;
        fprintf(stderr,
                "demine: %s: function \"%s\" is files alone, for %s: it has no program to look into\n",
                manifest->path, name, project->files[i].runtime);
        return -1;
    }
    const char *nearest = nearest_function(manifest, name);
    fprintf(stderr, "demine: %s has no function \"%s\"", manifest->path, name);
    fprintf(stderr, nearest ? "; did you mean \"%s\"?\n" : "\n", nearest);
    return -1;
}
