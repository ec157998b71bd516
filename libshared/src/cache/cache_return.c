#include "cache/cache_entry.h"

void shared_cache_return(struct shared_cache *cache, struct shared_cache_loan *loan, bool good)
{
    struct shared_cache_entry *entry = loan->entry;
    *loan = (struct shared_cache_loan){NULL, NULL};
    if (!entry)
        return;
    if (good)
        entry->returned = shared_clock_now();
    else
        shared_cache_destroy(cache, entry);

    pthread_mutex_lock(&cache->lock);
    entry->turn = good ? ++cache->turn : SHARED_CACHE_FREE;
    if (good) {
        entry->next = *entry->bucket;
        *entry->bucket = entry;
    }
    pthread_mutex_unlock(&cache->lock);
}
