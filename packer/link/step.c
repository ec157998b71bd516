#include "link/step.h"

#include "base/file.h"
#include "base/path.h"

#include <string.h>

const char *step_record_path(const struct step *step, struct shared_arena *arena)
{
    return shared_arena_format(arena, "%s.step", step->output);
}

/* argv with its boundaries, and the key. */
struct hash step_command_hash(const struct step *step, struct shared_arena *arena)
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

/* A line is "hash path". */
static bool line_holds(struct shared_slice line, const struct step *step, struct hash_cache *cache)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash;
    struct shared_slice wanted = shared_slice_split(&line, ' ');
    char *name = line.data ? shared_arena_copy(cache->arena, line) : NULL;
    const char *path = name ? path_join(cache->arena, step->folder, name) : NULL;
    if (!path)
        return false;
    if (shared_slice_equal(wanted, shared_slice_from_text(STEP_ABSENT)))
        return !file_exists(path);
    if (!hash_cache_get(cache, path, &hash))
        return false;
    hash_to_text(&hash, text);
    return shared_slice_equal(wanted, shared_slice_from_text(text));
}

bool step_is_current(const struct step *step, struct hash_cache *cache)
{
    struct shared_slice record;
    const char *path = step_record_path(step, cache->arena);
    if (!path || file_read(path, STEP_RECORD_LIMIT_BYTES, cache->arena, &record, NULL) < 0)
        return false;
    char text[HASH_TEXT_BYTES];
    struct hash hash = step_command_hash(step, cache->arena);
    hash_to_text(&hash, text);
    if (!shared_slice_equal(shared_slice_split(&record, '\n'), shared_slice_from_text(STEP_FORMAT)) ||
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
