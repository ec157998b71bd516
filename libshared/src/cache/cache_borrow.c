#include "cache/cache_entry.h"

#include <string.h>

/* By FNV-1a; NULL where the key is too long. */
static struct shared_cache_entry **bucket_of(const struct shared_cache *cache, const char *key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < SHARED_CACHE_KEY_BYTES; i++) {
        if (!key[i])
            return &cache->entries[hash % cache->options.capacity].first;
        hash = (hash ^ (unsigned char)key[i]) * 16777619u;
    }
    return NULL;
}

static struct shared_cache_entry *find_key(struct shared_cache_entry *entry, const char *key)
{
    while (entry && strcmp(entry->key, key) != 0)
        entry = entry->next;
    return entry;
}

/* A free entry, or else the least recently used idle one. NULL: all are lent. */
static struct shared_cache_entry *find_least(const struct shared_cache *cache)
{
    struct shared_cache_entry *least = cache->entries;
    for (size_t i = 1; i < cache->options.capacity; i++)
        if (cache->entries[i].turn < least->turn)
            least = &cache->entries[i];
    return least->turn == SHARED_CACHE_LENT ? NULL : least;
}

static void unlink_idle(struct shared_cache_entry *entry)
{
    struct shared_cache_entry **at = entry->bucket;
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
}

/*
 * Takes the idle entry of the key that was returned last, the likeliest to work; or one for a new object: its
 * bucket is NULL, and it may still hold another key's object, which is to go. dead is what was taken before
 * and did not work, or NULL; it is free now.
 */
static struct shared_cache_entry *take(struct shared_cache *cache, struct shared_cache_entry **bucket,
                                       const char *key, struct shared_cache_entry *dead)
{
    pthread_mutex_lock(&cache->lock);
    if (dead)
        dead->turn = SHARED_CACHE_FREE;
    struct shared_cache_entry *entry = find_key(*bucket, key);
    bool is_new = !entry;
    if (is_new)
        entry = find_least(cache);
    if (entry) {
        if (entry->turn != SHARED_CACHE_FREE)
            unlink_idle(entry);
        if (is_new)
            entry->bucket = NULL;
        entry->turn = SHARED_CACHE_LENT;
    }
    pthread_mutex_unlock(&cache->lock);
    return entry;
}

static bool is_past(int64_t limit_ms, const struct shared_instant *then, const struct shared_instant *now)
{
    return shared_clock_elapsed_us(then, now) / 1000 >= limit_ms;
}

static bool is_good(const struct shared_cache_options *options, const struct shared_cache_entry *entry,
                    const void *borrower)
{
    struct shared_instant now = shared_clock_now();
    if (options->ttl_ms > 0 && is_past(options->ttl_ms, &entry->made, &now))
        return false;
    if (options->idle_ms > 0 && is_past(options->idle_ms, &entry->returned, &now))
        return false;
    return !options->check || !is_past(options->check_after_ms, &entry->returned, &now) ||
           options->check(options->user, entry->object, borrower);
}

/* The time to live begins before make does: what a peer gives out meanwhile ages from then on. */
static int make(struct shared_cache *cache, struct shared_cache_entry *entry,
                struct shared_cache_entry **bucket, const char *key, const void *borrower,
                struct shared_error *err)
{
    shared_cache_destroy(cache, entry);
    entry->made = shared_clock_now();
    strcpy(entry->key, key);
    void *object = NULL;
    int code = cache->options.make(cache->options.user, entry->key, borrower, &object, err);
    if (code >= 0 && !object)
        code = shared_fail(err, SHARED_EINVAL, 0, "make of a cache succeeded without an object");
    if (code >= 0) {
        entry->object = object;
        entry->bucket = bucket;
        return 0;
    }
    pthread_mutex_lock(&cache->lock);
    entry->turn = SHARED_CACHE_FREE;
    pthread_mutex_unlock(&cache->lock);
    return code;
}

int shared_cache_borrow(struct shared_cache *cache, const char *key, const void *borrower,
                        struct shared_cache_loan *loan, struct shared_error *err)
{
    *loan = (struct shared_cache_loan){NULL, NULL};
    if (!cache->entries)
        return shared_fail(err, SHARED_EINVAL, 0, "a cache that was not made has no objects to lend");
    struct shared_cache_entry **bucket = bucket_of(cache, key), *entry = NULL;
    if (!bucket)
        return shared_fail(err, SHARED_EINVAL, 0, "a key of a cache has at most %d bytes",
                           SHARED_CACHE_KEY_BYTES - 1);
    while ((entry = take(cache, bucket, key, entry)) && entry->bucket &&
           !is_good(&cache->options, entry, borrower))
        shared_cache_destroy(cache, entry);
    if (!entry)
        return shared_fail(err, SHARED_ETOOBIG, 0,
                           "all %zu objects of the cache are lent: return them, or raise its capacity",
                           cache->options.capacity);

    int code = entry->bucket ? 0 : make(cache, entry, bucket, key, borrower, err);
    if (code == 0)
        *loan = (struct shared_cache_loan){entry->object, entry};
    return code;
}
