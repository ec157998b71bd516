#include "link/step.h"

#include "base/file.h"
#include "base/path.h"
#include "link/depfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_LIMIT_BYTES (64u << 20)
#define FORMAT "demine-step 1"

static const char *record_path(const struct step *step, struct shared_arena *arena)
{
    return shared_arena_format(arena, "%s.step", step->output);
}

/* argv with its boundaries, and the key. */
static struct hash command_hash(const struct step *step, struct shared_arena *arena)
{
    size_t size = strlen(step->key) + 1;
    for (const char *const *arg = step->argv; *arg; arg++)
        size += strlen(*arg) + 1;
    char *text = shared_arena_alloc(arena, size);
    if (!text)
        return (struct hash){{0}};
    char *at = stpcpy(text, step->key) + 1;
    for (const char *const *arg = step->argv; *arg; arg++)
        at = stpcpy(at, *arg) + 1;
    return hash_bytes(shared_slice_of(text, size));
}

/* A line is "hash path"; the one of the command has no path. */
static bool line_holds(struct shared_slice line, const struct step *step, struct hash_cache *cache)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash;
    struct shared_slice wanted = shared_slice_split(&line, ' ');
    char *path = line.data ? shared_arena_copy(cache->arena, line) : NULL;
    if (!path)
        return false;
    if (!hash_cache_get(cache, path_join(cache->arena, step->folder, path), &hash))
        return false;
    hash_to_text(&hash, text);
    return shared_slice_equal(wanted, shared_slice_from_text(text));
}

bool step_is_current(const struct step *step, struct hash_cache *cache)
{
    struct shared_slice record;
    if (file_read(record_path(step, cache->arena), RECORD_LIMIT_BYTES, cache->arena, &record, NULL) < 0)
        return false;
    char text[HASH_TEXT_BYTES];
    struct hash hash = command_hash(step, cache->arena);
    hash_to_text(&hash, text);
    if (!shared_slice_equal(shared_slice_split(&record, '\n'), shared_slice_from_text(FORMAT)) ||
        !shared_slice_equal(shared_slice_split(&record, '\n'), shared_slice_from_text(text)))
        return false;
    size_t files = 0;
    while (record.size_bytes) {
        struct shared_slice line = shared_slice_split(&record, '\n');
        if (!line_holds(line, step, cache))
            return false;
        files++;
    }
    return files > 0;
}

static int write_line(FILE *file, const struct step *step, const char *path, struct hash_cache *cache,
                      struct shared_error *err)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash;
    if (!hash_cache_get(cache, path_join(cache->arena, step->folder, path), &hash))
        return shared_fail(err, SHARED_EIO, 0, "%s: %s, which it says it read, cannot be read", step->title,
                           path);
    hash_to_text(&hash, text);
    fprintf(file, "%s %s\n", text, path);
    return 0;
}

static int write_inputs(FILE *file, const struct step *step, struct hash_cache *cache,
                        struct shared_error *err)
{
    for (const char *const *input = step->inputs; input && *input; input++) {
        if (write_line(file, step, *input, cache, err) < 0)
            return err ? err->code : SHARED_EIO;
    }
    struct shared_slice text;
    struct depfile deps = {0};
    if (!step->depfile)
        return 0;
    if (file_read(step->depfile, RECORD_LIMIT_BYTES, cache->arena, &text, err) < 0 ||
        depfile_parse(text, step->line_each, cache->arena, &deps, err) < 0)
        return shared_error_wrap(err, "%s", step->title);
    for (size_t i = 0; i < deps.count; i++) {
        if (write_line(file, step, deps.paths[i], cache, err) < 0)
            return err ? err->code : SHARED_EIO;
    }
    return 0;
}

int step_record(const struct step *step, struct hash_cache *cache, struct shared_error *err)
{
    char *content = NULL, text[HASH_TEXT_BYTES];
    size_t size = 0;
    struct hash hash = command_hash(step, cache->arena);
    hash_to_text(&hash, text);
    FILE *file = open_memstream(&content, &size);
    if (!file)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to record %s", step->title);
    fprintf(file, FORMAT "\n%s\n", text);
    hash_cache_forget(cache, step->output);
    int status = write_line(file, step, step->output, cache, err);
    if (status == 0)
        status = write_inputs(file, step, cache, err);
    if (fclose(file) != 0 && status == 0)
        status = shared_fail(err, SHARED_ENOMEM, 0, "no memory to record %s", step->title);
    if (status == 0)
        status = file_write(record_path(step, cache->arena), shared_slice_of(content, size), err);
    free(content);
    return status;
}
