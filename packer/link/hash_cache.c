#include "link/hash_cache.h"

#include <string.h>

#define FIRST_CAPACITY 256

/* The slot of a path or the free one where it belongs. Capacity is a power of two and never full. */
static struct hash_cache_entry *find(struct hash_cache_entry *entries, size_t capacity, const char *path)
{
    struct hash of_path = hash_bytes(shared_slice_from_text(path));
    size_t at;
    memcpy(&at, of_path.bytes, sizeof(at));
    for (at &= capacity - 1; entries[at].path; at = (at + 1) & (capacity - 1)) {
        if (strcmp(entries[at].path, path) == 0)
            break;
    }
    return &entries[at];
}

static bool grow(struct hash_cache *cache)
{
    size_t capacity = cache->capacity ? cache->capacity * 2 : FIRST_CAPACITY;
    struct hash_cache_entry *entries = shared_arena_alloc(cache->arena, capacity * sizeof(*entries));
    if (!entries)
        return false;
    memset(entries, 0, capacity * sizeof(*entries));
    for (size_t i = 0; i < cache->capacity; i++) {
        if (cache->entries[i].path)
            *find(entries, capacity, cache->entries[i].path) = cache->entries[i];
    }
    cache->entries = entries;
    cache->capacity = capacity;
    return true;
}

bool hash_cache_get(struct hash_cache *cache, const char *path, struct hash *hash)
{
    if (!path)
        return false;
    if (cache->count * 2 >= cache->capacity && !grow(cache))
        return hash_file(path, hash, NULL) == 0;
    struct hash_cache_entry *entry = find(cache->entries, cache->capacity, path);
    if (!entry->path) {
        entry->path = shared_arena_copy(cache->arena, shared_slice_from_text(path));
        if (!entry->path)
            return hash_file(path, hash, NULL) == 0;
        entry->readable = hash_file(path, &entry->hash, NULL) == 0;
        cache->count++;
    }
    if (entry->readable)
        *hash = entry->hash;
    return entry->readable;
}

/* The entry stays, read again: to take it out would break the chains that run over it. */
void hash_cache_forget(struct hash_cache *cache, const char *path)
{
    struct hash_cache_entry *entry = cache->capacity ? find(cache->entries, cache->capacity, path) : NULL;
    if (entry && entry->path)
        entry->readable = hash_file(path, &entry->hash, NULL) == 0;
}
