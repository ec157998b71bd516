#include "pack_inner.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void advanced(void *user, double share)
{
    struct pack *pack = user;
    progress_update(&pack->progress, share, "writing");
}

static int add_task(struct pack *pack, const char *what, const char *name, const struct package *package,
                    const char *path)
{
    struct zip_task *task = &pack->tasks[pack->task_count++];
    *task = (struct zip_task){
        .name = shared_arena_format(&pack->arena, "%s %s", what, name),
        .package = package,
        .path = path,
        .record = shared_arena_format(&pack->arena, "%s/%s/%s/zip.record", pack->state, what, name),
    };
    return task->name && task->path && task->record ? 0 : pack_no_memory(pack);
}

/* A task for each function, then one for each layer. */
static int plan_tasks(struct pack *pack)
{
    size_t functions = pack->manifest.function_count;
    pack->tasks = pack_allocate(pack, functions + pack->plan.count, sizeof(*pack->tasks));
    pack->unchanged = pack_allocate(pack, functions + pack->plan.count, sizeof(*pack->unchanged));
    if (!pack->tasks || !pack->unchanged)
        return pack_no_memory(pack);
    int status = 0;
    for (size_t i = 0; status == 0 && i < functions; i++) {
        const char *name = pack->manifest.functions[i].name;
        status = add_task(pack, "function", name, &pack->zipped[i], pack_function_path(pack, name, ".zip"));
    }
    const char *folder = path_join(&pack->arena, pack->output, "layers");
    if (status == 0 && pack->plan.count > 0)
        status = folder ? file_make_folders(folder, &pack->err) : pack_no_memory(pack);
    for (size_t i = 0; status == 0 && i < pack->plan.count; i++) {
        const char *name = pack->plan.layers[i].name;
        status = add_task(pack, "layer", name, &pack->layers[i], pack_layer_path(pack, name));
    }
    return status;
}

/* What zips really have, in the place of what was reckoned; they differ only beyond what zip can say without zip64. */
static void take_sizes(struct pack *pack)
{
    for (size_t i = 0; i < pack->task_count; i++)
        pack->zip_bytes[i] = pack->tasks[i].zip.zip_bytes;
}

/* What the stat cache knows the size of need not be in the cache of blobs any more: made at once, on all processors, for
 * all zips that are to be written. */
static int prepare_streams(struct pack *pack)
{
    const struct package **packages = pack_allocate(pack, pack->task_count, sizeof(*packages));
    size_t count = 0;
    int status = packages ? 0 : pack_no_memory(pack);
    for (size_t i = 0; status == 0 && i < pack->task_count; i++) {
        status = zip_task_look(&pack->tasks[i], pack->content_options.level, &pack->err);
        if (!pack->tasks[i].current)
            packages[count++] = pack->tasks[i].package;
    }
    return status == 0 ? content_prepare(pack->contents, packages, count, &pack->err) : status;
}

int pack_write_zips(struct pack *pack)
{
    int status = plan_tasks(pack);
    if (status == 0)
        status = prepare_streams(pack);
    if (status < 0)
        return status;
    const struct zip_all_options options = {.contents = pack->contents,
                                            .level = pack->content_options.level,
                                            .parallel = pack->options->parallel,
                                            .progress = advanced,
                                            .user = pack};
    status = zip_write_all(pack->tasks, pack->task_count, &options, &pack->arena, &pack->err);
    progress_clean_up(&pack->progress);
    if (status == 0)
        take_sizes(pack);
    return status == 0 ? pack_check_limits(pack) : status;
}

/* The programs with their symbols, beside the zips. */
static int copy_programs(struct pack *pack)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < pack->manifest.function_count; i++) {
        const struct linked *linked = &pack->linked[i];
        if (!linked->shipped)
            continue;
        const char *path = pack_function_path(pack, pack->manifest.functions[i].name, ".debug");
        status =
            path ? build_id_copy(linked->unstripped, path, &linked->id, &pack->err) : pack_no_memory(pack);
    }
    return status;
}

static int make_lock(struct pack *pack, struct lock_file *lock)
{
    struct lock_zip *zips = pack_allocate(pack, pack->task_count, sizeof(*zips));
    if (!zips)
        return pack_no_memory(pack);
    for (size_t i = 0; i < pack->task_count; i++)
        zips[i] = pack->tasks[i].zip;
    const struct lock_plan made = {
        .project = pack->manifest.name,
        .architecture = manifest_architecture_name(pack->manifest.architecture),
        .problem = &pack->problem,
        .plan = &pack->plan,
        .functions = zips,
        .layers = zips + pack->manifest.function_count,
        .last = &pack->last,
    };
    return lock_from_plan(&made, &pack->arena, lock, &pack->err);
}

static bool has_function(const struct pack *pack, const char *name)
{
    return manifest_find_function(&pack->manifest, name) != NULL;
}

static bool has_layer(const struct pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->plan.count; i++)
        if (strcmp(pack->plan.layers[i].name, name) == 0)
            return true;
    return false;
}

/* What the last pack left here and this one does not make. What cannot be removed is no reason to fail. */
static int remove_old(struct pack *pack)
{
    for (size_t i = 0; i < pack->last.function_count; i++) {
        const char *name = pack->last.functions[i].name;
        const char *zip = pack_function_path(pack, name, ".zip"),
                   *debug = pack_function_path(pack, name, ".debug");
        if (!zip || !debug)
            return pack_no_memory(pack);
        if (!has_function(pack, name)) {
            unlink(zip);
            unlink(debug);
        }
    }
    for (size_t i = 0; i < pack->last.layer_count; i++) {
        const char *zip = pack_layer_path(pack, pack->last.layers[i].name);
        if (!zip)
            return pack_no_memory(pack);
        if (!has_layer(pack, pack->last.layers[i].name))
            unlink(zip);
    }
    return 0;
}

/* What is not kept costs time alone. */
static void keep_records(struct pack *pack)
{
    struct shared_error err;
    size_t lost = zip_keep_records(pack->tasks, pack->task_count, &err);
    if (lost > 0)
        fprintf(stderr, "demine: warning: the next run writes %zu zip%s again: %s\n", lost,
                lost == 1 ? "" : "s", err.text);
}

/*
 * The lock comes last: zips that it does not know are made again, a lock that knows of zips that are not there would
 * be a lie. What goes, goes while the lock still knows of it: a run that was killed has then left nothing for ever.
 */
int pack_commit(struct pack *pack)
{
    struct lock_file lock;
    CLEANUP(pack_drop_lock) struct pack_next_lock next = {.folder = -1};
    int status = make_lock(pack, &lock);
    if (status == 0)
        status = pack_stage_lock(pack, &lock, &next);
    if (status == 0)
        status = copy_programs(pack);
    for (size_t i = 0; i < pack->task_count; i++)
        pack->unchanged[i] = !pack->tasks[i].temporary;
    if (status == 0)
        status = zip_commit_all(pack->tasks, pack->task_count, &pack->err);
    if (status == 0)
        status = remove_old(pack);
    if (status == 0)
        status = pack_place_lock(pack, &next);
    if (status == 0)
        keep_records(pack);
    return status;
}
