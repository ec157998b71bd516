#include "project_own.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "content/content.h"

#include <stdlib.h>
#include <string.h>

/* What is kept of folders that zips were written to: STATE/outputs, absolute paths, the last first, each ended by NUL. */
#define OUTPUTS_MOST 8
#define OUTPUTS_LIMIT_BYTES (64u << 10)

struct outputs {
    const char *items[OUTPUTS_MOST];
    size_t count;
};

static int no_memory(const struct project_own_paths *paths, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory for what is left out", paths->manifest->path);
}

const char *project_cache(const char *option)
{
    const char *folder = option ? option : getenv("DEMINE_CACHE");
    return folder && strcmp(folder, "off") == 0 ? "" : folder;
}

static void add_output(struct outputs *outputs, const char *path)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (strcmp(outputs->items[i], path) == 0)
            return;
    if (outputs->count < OUTPUTS_MOST)
        outputs->items[outputs->count++] = path;
}

/* A record that cannot be read is as none: it is written anew. */
static struct shared_slice read_outputs(const char *record, struct outputs *outputs,
                                        struct shared_arena *arena)
{
    struct shared_slice text = {"", 0};
    if (file_read(record, OUTPUTS_LIMIT_BYTES, arena, &text, NULL) < 0)
        return shared_slice_of("", 0);
    for (const char *path = text.data; path < text.data + text.size_bytes; path += strlen(path) + 1)
        if (*path == '/')
            add_output(outputs, path);
    return text;
}

static int keep_outputs(const struct project_own_paths *paths, const char *record,
                        const struct outputs *outputs, struct shared_slice before, struct shared_arena *arena,
                        struct shared_error *err)
{
    size_t size = 0;
    for (size_t i = 0; i < outputs->count; i++)
        size += strlen(outputs->items[i]) + 1;
    char *text = shared_arena_alloc(arena, size + 1), *end = text;
    if (!text)
        return no_memory(paths, err);
    for (size_t i = 0; i < outputs->count; i++)
        end = stpcpy(end, outputs->items[i]) + 1;
    const struct shared_slice now = shared_slice_of(text, size);
    return shared_slice_equal(now, before) ? 0 : file_write(record, now, err);
}

static int own_zips(const struct project_own_paths *paths, struct shared_arena *arena,
                    struct package_own *own, struct shared_error *err)
{
    struct outputs outputs = {.count = 0};
    const char *record = path_join(arena, paths->state, "outputs");
    const char *usual = path_join(arena, paths->manifest->folder, "dist");
    if (!record || !usual)
        return no_memory(paths, err);
    CLEANUP_FREE char *real = paths->output ? realpath(paths->output, NULL) : NULL;
    if (real)
        add_output(&outputs, real);
    struct shared_slice before = read_outputs(record, &outputs, arena);
    int status = paths->keeps_output ? keep_outputs(paths, record, &outputs, before, arena, err) : 0;
    /* As it was given too: it may be a symlink. */
    if (status == 0 && (paths->output || outputs.count == 0))
        status = package_own_zips(own, paths->output ? paths->output : usual, arena, err);
    for (size_t i = 0; status == 0 && i < outputs.count; i++)
        status = package_own_zips(own, outputs.items[i], arena, err);
    return status;
}

static int own_files(const struct project_own_paths *paths, struct shared_arena *arena,
                     struct package_own *own, struct shared_error *err)
{
    const struct manifest *manifest = paths->manifest;
    const char *lock = path_join(arena, manifest->folder, manifest->lock);
    const char *snapshot = path_join(arena, manifest->folder, manifest->snapshot);
    if (!lock || !snapshot)
        return no_memory(paths, err);
    int status = package_own_file(
        own, lock, "the lock, which each demine pack writes: nothing that a function could hold", arena, err);
    if (status == 0)
        status = package_own_file(own, snapshot, NULL, arena, err);
    return status == 0 ? package_own_file(own, manifest->path, NULL, arena, err) : status;
}

int project_own(const struct project_own_paths *paths, struct shared_arena *arena, struct package_own *own,
                struct shared_error *err)
{
    static const char state[] = "the folder of demine's records: name what is needed in it, or give demine "
                                "another with --state";
    const char *usual = path_join(arena, paths->manifest->folder, ".demine");
    const char *cache = content_cache_folder(project_cache(paths->cache), arena);
    if (!usual)
        return no_memory(paths, err);
    int status = package_own_folder(own, paths->state, state, arena, err);
    if (status == 0)
        status = package_own_folder(own, usual, state, arena, err);
    if (status == 0 && cache)
        status = package_own_folder(own, cache,
                                    "the folder of demine's cache: give demine another with --cache or "
                                    "DEMINE_CACHE",
                                    arena, err);
    if (status == 0)
        status = own_files(paths, arena, own, err);
    return status == 0 ? own_zips(paths, arena, own, err) : status;
}
