#include "cache/cache_entry.h"

#include <stdlib.h>

void shared_cache_clean_up(struct shared_cache *cache)
{
    for (size_t i = 0; i < cache->options.capacity; i++)
        shared_cache_destroy(cache, &cache->entries[i]);
    free(cache->entries);
    *cache = (struct shared_cache){.lock = PTHREAD_MUTEX_INITIALIZER};
}
