#include "link/step.h"

#include "base/file.h"
#include "base/path.h"
#include "link/depfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record that is being put together. */
struct record {
    const struct step *step;
    struct hash_cache *cache;
    FILE *file; /* in memory */
    struct timespec started;
    bool changed; /* an input, while the command ran */
};

static bool is_before(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

/* A time to come is that of a clock that was wrong, not of a change. */
static bool has_changed_since(const char *path, const struct timespec *started)
{
    struct stat st;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return stat(path, &st) == 0 && is_before(started, &st.st_ctim) && !is_before(&now, &st.st_ctim);
}

static bool add_file(struct record *record, const char *path)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash;
    if (!hash_cache_get(record->cache, path_join(record->cache->arena, record->step->folder, path), &hash))
        return false;
    hash_to_text(&hash, text);
    fprintf(record->file, "%s %s\n", text, path);
    return true;
}

static int add_output(struct record *record, const char *path, struct shared_error *err)
{
    hash_cache_forget(record->cache, path);
    if (!add_file(record, path))
        return shared_fail(err, SHARED_EIO, 0, "%s: the tool says that it is done, but has not written %s",
                           record->step->title, path_base(path));
    return 0;
}

static int add_input(struct record *record, const char *name, struct shared_error *err)
{
    const char *path = path_join(record->cache->arena, record->step->folder, name);
    /* Linkers list what link-time optimization made on the way and has removed: "/tmp/ccX.ltrans0.ltrans.o". */
    if (path && record->step->line_each && !file_exists(path))
        return 0;
    if (!path || !add_file(record, name))
        return shared_fail(err, SHARED_EIO, 0, "%s: cannot read what the tool says that it read: %s",
                           record->step->title, name);
    record->changed |= has_changed_since(path, &record->started);
    return 0;
}

/* What follows "folder/" in a path; NULL where it does not lie there. */
static const char *below(const char *path, const char *folder)
{
    if (strcmp(folder, ".") == 0 && path[0] != '/')
        return path;
    size_t size = strlen(folder);
    while (size > 1 && folder[size - 1] == '/')
        size--;
    return strncmp(path, folder, size) == 0 && path[size] == '/' ? path + size + 1 : NULL;
}

/* Where a file of the same name would be taken instead of this one, once it is there. */
static void add_absences(struct record *record, const char *name)
{
    struct shared_arena *arena = record->cache->arena;
    const char *const *search = record->step->search;
    for (size_t i = 1; search && search[0] && search[i]; i++) {
        const char *rest = below(name, search[i]);
        for (size_t j = 0; rest && j < i; j++) {
            const char *nearer = path_join(arena, search[j], rest);
            const char *path = nearer ? path_join(arena, record->step->folder, nearer) : NULL;
            if (path && !file_exists(path))
                fprintf(record->file, STEP_ABSENT " %s\n", nearer);
        }
    }
}

static int add_inputs(struct record *record, struct shared_error *err)
{
    const struct step *step = record->step;
    struct shared_slice text;
    struct depfile deps = {0};
    int status = 0;
    for (const char *const *input = step->inputs; status == 0 && input && *input; input++)
        status = add_input(record, *input, err);
    if (status < 0 || !step->depfile)
        return status;
    status = file_read(step->depfile, STEP_RECORD_LIMIT_BYTES, record->cache->arena, &text, err);
    if (status == 0)
        status = depfile_parse(text, step->line_each, record->cache->arena, &deps, err);
    if (status < 0)
        return shared_error_wrap(err, "%s", step->title);
    for (size_t i = 0; status == 0 && i < deps.count; i++) {
        status = add_input(record, deps.paths[i], err);
        add_absences(record, deps.paths[i]);
    }
    return status;
}

static int add_all(struct record *record, struct shared_error *err)
{
    const struct step *step = record->step;
    char text[HASH_TEXT_BYTES];
    struct hash hash = step_command_hash(step, record->cache->arena);
    hash_to_text(&hash, text);
    fprintf(record->file, STEP_FORMAT "\n%s\n", text);
    int status = add_output(record, step->output, err);
    if (status == 0 && step->beside)
        status = add_output(record, step->beside, err);
    return status == 0 ? add_inputs(record, err) : status;
}

int step_record(const struct step *step, const struct timespec *started, struct hash_cache *cache,
                struct shared_error *err)
{
    char *content = NULL;
    size_t size = 0;
    const char *path = step_record_path(step, cache->arena);
    struct record record = {step, cache, open_memstream(&content, &size), *started, false};
    if (!record.file || !path) {
        if (record.file)
            fclose(record.file);
        free(content);
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to record %s", step->title);
    }
    int status = add_all(&record, err);
    if (fclose(record.file) != 0 && status == 0)
        status = shared_fail(err, SHARED_ENOMEM, 0, "no memory to record %s", step->title);
    if (status == 0 && !record.changed)
        status = file_write(path, shared_slice_of(content, size), err);
    else
        unlink(path);
    free(content);
    return status;
}
