#include "pack_inner.h"

#include "base/path.h"

#include <string.h>

int pack_no_memory(struct pack *pack)
{
    return shared_fail(&pack->err, SHARED_ENOMEM, 0, "%s: no memory to pack it",
                       pack->manifest.path ? pack->manifest.path : "demine.json");
}

void *pack_allocate(struct pack *pack, size_t count, size_t size)
{
    /* One more, so that none of nothing is no failure. */
    void *memory = shared_arena_alloc(&pack->arena, (count + 1) * size);
    return memory ? memset(memory, 0, (count + 1) * size) : NULL;
}

static int allocate_all(struct pack *pack)
{
    size_t count = pack->manifest.function_count;
    pack->packages = pack_allocate(pack, count, sizeof(*pack->packages));
    pack->arenas = pack_allocate(pack, count, sizeof(*pack->arenas));
    pack->linked = pack_allocate(pack, count, sizeof(*pack->linked));
    pack->images = pack_allocate(pack, count, sizeof(*pack->images));
    pack->checked = pack_allocate(pack, count, sizeof(*pack->checked));
    pack->zipped = pack_allocate(pack, count, sizeof(*pack->zipped));
    pack->zip_bytes = pack_allocate(pack, count, sizeof(*pack->zip_bytes));
    pack->usages = pack_allocate(pack, count, sizeof(*pack->usages));
    return pack->packages && pack->arenas && pack->linked && pack->images && pack->checked && pack->zipped &&
                   pack->zip_bytes && pack->usages
               ? 0
               : pack_no_memory(pack);
}

static int find_paths(struct pack *pack)
{
    const struct pack_options *options = pack->options;
    const struct manifest *manifest = &pack->manifest;
    pack->output = options->output ? options->output : path_join(&pack->arena, manifest->folder, "dist");
    pack->state = project_state(manifest, options->state, &pack->arena);
    pack->lock_path = path_join(&pack->arena, manifest->folder, manifest->lock);
    return pack->output && pack->state && pack->lock_path ? 0 : pack_no_memory(pack);
}

struct pack_options pack_look_options(const struct project_options *project, const struct pack_plan *plan)
{
    return (struct pack_options){
        .manifest = project->manifest,
        .state = project->state,
        .parallel = project->parallel,
        .look = true,
        .plan = *plan,
        .quiet = project->quiet,
        .progress = !project->quiet,
    };
}

int pack_open(struct pack *pack, const struct pack_options *options)
{
    *pack = (struct pack){.options = options, .state_lock = -1, .output_lock = -1};
    pack->region = (struct limit_region){.limit_bytes = LIMIT_NONE};
    progress_init(&pack->progress, stderr, options->progress);
    const char *path = options->manifest ? options->manifest : "demine.json";
    int status = manifest_read(path, &pack->arena, &pack->manifest, &pack->err);
    if (status == 0)
        status = limit_values_read(&pack->manifest, &pack->arena, &pack->limits, &pack->err);
    if (status == 0)
        status = check_plan_make(&pack->manifest, &pack->arena, &pack->checks, &pack->err);
    if (status == 0)
        status = allocate_all(pack);
    return status < 0 ? status : find_paths(pack);
}

void pack_close(struct pack *pack)
{
    progress_clean_up(&pack->progress);
    content_close(pack->contents); /* keeps what it knows, while the folder is still locked */
    pack->contents = NULL;
    pack_release_folders(pack);
    shared_arena_clean_up(&pack->look.arena);
    for (size_t i = 0; pack->arenas && i < pack->manifest.function_count; i++)
        shared_arena_clean_up(&pack->arenas[i]);
    shared_arena_clean_up(&pack->arena);
}
