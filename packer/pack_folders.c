#include "pack_inner.h"

#include "base/lock.h"
#include "base/path.h"
#include "project.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_same_folder(const char *a, const char *b)
{
    struct stat left, right;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

/* Removes what killed runs left. */
static int sweep(struct pack *pack)
{
    const char *objects = path_join(&pack->arena, pack->state, "object");
    if (!objects)
        return pack_no_memory(pack);
    const char *layers = path_join(&pack->arena, pack->output, "layers");
    if (!layers)
        return pack_no_memory(pack);
    int status = zip_sweep(objects, &pack->err);
    if (status == 0)
        status = zip_sweep(pack->state, &pack->err);
    if (status == 0 && !pack->options->look)
        status = zip_sweep(pack->output, &pack->err);
    if (status == 0 && !pack->options->look)
        status = zip_sweep(layers, &pack->err);
    for (size_t i = 0; status == 0 && i < pack->manifest.function_count; i++) {
        const char *folder = shared_arena_format(&pack->arena, "%s/function/%s", pack->state,
                                                 pack->manifest.functions[i].name);
        status = folder ? zip_sweep(folder, &pack->err) : pack_no_memory(pack);
    }
    return status;
}

int pack_take_folders(struct pack *pack)
{
    int status = pack->options->look ? 0 : pack_check_lock_folder(pack);
    if (status == 0)
        status = project_take_folder(pack->state, pack->options->quiet, &pack->state_lock, &pack->err);
    /* One lock is enough for one folder: a second would wait for the first for ever. */
    if (status == 0 && !pack->options->look && !is_same_folder(pack->state, pack->output))
        status = project_take_folder(pack->output, pack->options->quiet, &pack->output_lock, &pack->err);
    return status == 0 ? sweep(pack) : status;
}

void pack_release_folders(struct pack *pack)
{
    if (pack->state_lock >= 0)
        content_keep(pack->contents);
    lock_release(&pack->output_lock);
    lock_release(&pack->state_lock);
}

const char *pack_function_path(struct pack *pack, const char *name, const char *ending)
{
    return shared_arena_format(&pack->arena, "%s/%s%s", pack->output, name, ending);
}

const char *pack_layer_path(struct pack *pack, const char *name)
{
    return shared_arena_format(&pack->arena, "%s/layers/%s.zip", pack->output, name);
}

/* Returns how many are left: 1 or 0. */
static size_t remove_zip(const char *path)
{
    if (path && (unlink(path) == 0 || errno == ENOENT))
        return 0;
    fprintf(stderr, "demine: %s is left of an earlier run and cannot be removed: %m\n",
            path ? path : "a zip");
    return 1;
}

void pack_remove_zips(struct pack *pack)
{
    size_t left = 0;
    zip_abandon_all(pack->tasks, pack->task_count);
    for (size_t i = 0; i < pack->manifest.function_count; i++)
        left += remove_zip(pack_function_path(pack, pack->manifest.functions[i].name, ".zip"));
    for (size_t i = 0; i < pack->last.layer_count; i++)
        left += remove_zip(pack_layer_path(pack, pack->last.layers[i].name));
    if (left == 0)
        fprintf(stderr, "demine: no zip of %s is left in %s\n", pack->manifest.name, pack->output);
}
