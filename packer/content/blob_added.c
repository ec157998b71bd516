#include "content/blob_inner.h"

#include <stdlib.h>
#include <string.h>

/* Keys are hashes: any bytes of them spread evenly. */
static size_t first_slot(const struct blob_added_set *added, const struct blob_key *key)
{
    uint64_t start;
    memcpy(&start, key->bytes, sizeof(start));
    return (size_t)start & (added->slot_count - 1);
}

/* The slot that holds a key, or the free one where it would go. */
static uint32_t *find_slot(const struct blob_added_set *added, const struct blob_key *key)
{
    size_t slot = first_slot(added, key);
    while (added->slots[slot] && memcmp(added->streams[added->slots[slot] - 1].entry.key.bytes, key->bytes,
                                        sizeof(key->bytes)) != 0)
        slot = (slot + 1) & (added->slot_count - 1);
    return &added->slots[slot];
}

size_t blob_added_find(const struct blob_added_set *added, const struct blob_key *key)
{
    uint32_t position = added->slot_count ? *find_slot(added, key) : 0;
    if (!position || added->streams[position - 1].marks & BLOB_DAMAGED)
        return SIZE_MAX;
    return position - 1;
}

static int make_room(struct blob_added_set *added)
{
    if (added->count < added->capacity)
        return 0;
    size_t capacity = added->capacity ? 2 * added->capacity : 256;
    if (capacity > UINT32_MAX / 4)
        return -1;
    struct blob_added *streams = realloc(added->streams, capacity * sizeof(*streams));
    if (!streams)
        return -1;
    added->streams = streams;
    uint32_t *slots = calloc(2 * capacity, sizeof(*slots));
    if (!slots)
        return -1;
    free(added->slots);
    added->slots = slots;
    added->slot_count = 2 * capacity;
    added->capacity = capacity;
    for (size_t i = 0; i < added->count; i++)
        *find_slot(added, &streams[i].entry.key) = (uint32_t)i + 1;
    return 0;
}

int blob_added_put(struct blob_added_set *added, const struct blob_added *stream)
{
    if (make_room(added) < 0)
        return -1;
    /* One that is there and damaged stays among the streams, where its mark keeps it out of segments. */
    uint32_t *slot = find_slot(added, &stream->entry.key);
    added->streams[added->count] = *stream;
    *slot = (uint32_t)++added->count;
    return 0;
}

int blob_added_give(struct blob_cache *cache, const struct blob_added *stream, struct shared_error *err)
{
    pthread_mutex_lock(&cache->lock);
    int status = 0;
    if (blob_added_find(&cache->added, &stream->entry.key) == SIZE_MAX)
        status = blob_added_put(&cache->added, stream);
    pthread_mutex_unlock(&cache->lock);
    return status == 0 ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "no memory to keep a compressed file");
}

void blob_added_clean_up(struct blob_added_set *added)
{
    free(added->streams);
    free(added->slots);
}
