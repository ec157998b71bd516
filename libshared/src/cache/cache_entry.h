/* cache_entry.h - what the files of the object cache agree on. */
#ifndef SHARED_CACHE_CACHE_ENTRY_H
#define SHARED_CACHE_CACHE_ENTRY_H

#include "base/clock.h"

#include <shared/cache.h>

/*
 * Values of turn that no idle entry has. One scan for the least finds a free entry first, then the one that
 * was returned longest ago, and never one that is lent.
 */
#define SHARED_CACHE_FREE 0
#define SHARED_CACHE_LENT UINT64_MAX

/*
 * Idle entries, and only those, are linked, in the bucket of their key. There are as many buckets as entries,
 * and each entry holds the head of one. first, next and turn are the lock's, all else is the borrower's.
 */
struct shared_cache_entry {
    struct shared_cache_entry *first; /* of the bucket that has this entry's index */
    struct shared_cache_entry *next;
    struct shared_cache_entry **bucket; /* of the key; NULL while the entry has no object of its own */
    uint64_t turn;
    void *object;
    struct shared_instant made;
    struct shared_instant returned;
    char key[SHARED_CACHE_KEY_BYTES];
};

/* Without the lock held, as destroy may take long. */
static inline void shared_cache_destroy(const struct shared_cache *cache, struct shared_cache_entry *entry)
{
    if (entry->object && cache->options.destroy)
        cache->options.destroy(cache->options.user, entry->object);
    entry->object = NULL;
}

#endif
