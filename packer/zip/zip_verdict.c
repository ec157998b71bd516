#include "zip/zip_verdict.h"

#include "base/columns.h"

#include <string.h>

/* What the lock has of a name. */
struct known {
    const struct lock_zip *zip;
    const struct lock_layer *layer; /* NULL: it is a function's */
    const char *path;
};

static bool lies_at(const struct package_entry *entry, const char *place)
{
    size_t size = strlen(place);
    return strncmp(entry->place, place, size) == 0 &&
           (entry->place[size] == '\0' || entry->place[size] == '/');
}

/* The number of entries at or below a place; adds up their bytes. */
static size_t count_at(const struct package *package, const char *place, uint64_t *bytes)
{
    size_t count = 0;
    *bytes = 0;
    for (size_t i = 0; i < package->count; i++)
        if (lies_at(&package->entries[i], place)) {
            count++;
            *bytes += package->entries[i].size_bytes;
        }
    return count;
}

/*
 * The item of a layer of which nothing is there, or that is larger or smaller by as much as the whole is; NULL where
 * neither can be told. An item may have more than what lies at its place: links and neighbours of a library.
 */
static const char *suspect_of(const struct known *known, const struct zip_verified *verified, bool *missing)
{
    uint64_t growth = verified->zip.unzipped_bytes - known->zip->unzipped_bytes, bytes;
    const char *changed = NULL;
    for (size_t i = 0; known->layer && i < known->layer->item_count; i++) {
        const struct layer_item *item = &known->layer->items[i];
        *missing = count_at(&verified->package, item->place, &bytes) == 0;
        if (*missing)
            return item->place;
        if (!changed && growth != 0 && bytes - item->unzipped_bytes == growth)
            changed = item->place;
    }
    *missing = false;
    return changed;
}

static const char *why_differs(const struct known *known, const struct zip_verified *verified,
                               struct shared_arena *arena)
{
    bool missing = false;
    const char *suspect = suspect_of(known, verified, &missing);
    uint64_t found = verified->zip.unzipped_bytes, expected = known->zip->unzipped_bytes;
    if (missing)
        return shared_arena_format(arena, "%s is missing", suspect);
    if (found == expected)
        return shared_arena_format(arena, "as many bytes as in %s, but other names, modes or contents",
                                   known->path);
    const char *numbers[] = {columns_number_text(arena, found), columns_number_text(arena, expected)};
    if (!numbers[0] || !numbers[1])
        return NULL;
    return shared_arena_format(arena, "%s%s%s bytes unzipped, %s in %s", suspect ? suspect : "",
                               suspect ? ": " : "", numbers[0], numbers[1], known->path);
}

static bool is_same_hash(const struct hash *a, const struct hash *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

int zip_verdict_find(const struct zip_verified *verified, const char *name, const struct lock_file *lock,
                     const char *lock_path, struct shared_arena *arena, enum zip_verdict *verdict,
                     const char **why, struct shared_error *err)
{
    const struct lock_function *function = lock_find_function(lock, name);
    const struct lock_layer *layer = function ? NULL : lock_find_layer(lock, name);
    const struct lock_zip *zip = function ? &function->zip : layer ? &layer->zip : NULL;
    const struct known known = {zip, layer, lock_path};
    *verdict = !zip                                                   ? ZIP_UNKNOWN
               : !is_same_hash(&verified->zip.content, &zip->content) ? ZIP_DIFFERS
               : strcmp(verified->zip.sha256, zip->sha256) != 0       ? ZIP_SAME_CONTENTS
                                                                      : ZIP_IDENTICAL;
    *why = NULL;
    if (*verdict == ZIP_UNKNOWN)
        *why = shared_arena_format(arena, "%s has no function or layer \"%s\"", lock_path, name);
    else if (*verdict == ZIP_DIFFERS)
        *why = why_differs(&known, verified, arena);
    else if (*verdict == ZIP_SAME_CONTENTS)
        *why = shared_arena_format(arena, "in other bytes: SHA-256 %s, %s in %s", verified->zip.sha256,
                                   zip->sha256, lock_path);
    return *why || *verdict == ZIP_IDENTICAL
               ? 0
               : shared_fail(err, SHARED_ENOMEM, 0, "no memory to verify %s", name);
}
