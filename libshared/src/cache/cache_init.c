#include "cache/cache_entry.h"

#include <stdlib.h>

int shared_cache_init(struct shared_cache *cache, const struct shared_cache_options *options,
                      struct shared_error *err)
{
    *cache = (struct shared_cache){.lock = PTHREAD_MUTEX_INITIALIZER};
    if (options->capacity < 1 || options->capacity > SHARED_CACHE_CAPACITY_LIMIT)
        return shared_fail(err, SHARED_EINVAL, 0, "a cache of %zu objects: capacity is 1 to %d",
                           options->capacity, SHARED_CACHE_CAPACITY_LIMIT);
    if (!options->make)
        return shared_fail(err, SHARED_EINVAL, 0, "a cache needs a function make in its options");

    cache->entries = calloc(options->capacity, sizeof *cache->entries);
    if (!cache->entries)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a cache of %zu objects", options->capacity);
    cache->options = *options;
    return 0;
}
