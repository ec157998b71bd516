/* hash_cache.h - the hash of each file, read once a run however many steps have it as input. */
#ifndef PACKER_HASH_CACHE_H
#define PACKER_HASH_CACHE_H

#include "base/hash.h"

#include <shared/arena.h>

#include <stdbool.h>
#include <stddef.h>

struct hash_cache_entry {
    const char *path; /* NULL: free */
    struct hash hash;
    bool readable;
};

/* {.arena = …} is an empty one. Everything lives in the arena. One thread. */
struct hash_cache {
    struct shared_arena *arena;
    struct hash_cache_entry *entries;
    size_t capacity, count;
};

/* The hash of a file as it was when first asked for. False where it cannot be read, or is NULL. */
bool hash_cache_get(struct hash_cache *cache, const char *path, struct hash *hash);

/* Forgets a file that has been written anew. */
void hash_cache_forget(struct hash_cache *cache, const char *path);

#endif
