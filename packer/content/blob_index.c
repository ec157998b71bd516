#include "content/blob_index.h"

#include "content/blob_bytes.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define SEALED_BYTES 32u /* of the trailer */

static const unsigned char magic[8] = {'d', 'e', 'm', 'b', 'l', 'o', 'b', '1'};

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct blob_entry *)a)->key.bytes, ((const struct blob_entry *)b)->key.bytes,
                  sizeof(struct blob_key));
}

static void put_entry(unsigned char *at, const struct blob_entry *entry)
{
    memcpy(at, entry->key.bytes, sizeof(entry->key.bytes));
    blob_put(at + 16, 8, entry->offset);
    blob_put(at + 24, 8, entry->blob.stream_bytes);
    blob_put(at + 32, 8, entry->blob.content_bytes);
    blob_put(at + 40, 8, entry->checksum);
    blob_put(at + 48, 4, entry->blob.crc);
    blob_put(at + 52, 2, entry->blob.method);
    blob_put(at + 54, 2, 0);
}

void blob_index_sort(struct blob_entry *entries, size_t count)
{
    if (count > 1)
        qsort(entries, count, sizeof(*entries), by_key);
}

void blob_index_write(unsigned char *out, const struct blob_entry *entries,
                      const struct blob_trailer *trailer)
{
    size_t count = (size_t)trailer->count;
    for (size_t i = 0; i < count; i++)
        put_entry(out + i * BLOB_ENTRY_BYTES, &entries[i]);
    unsigned char *end = out + count * BLOB_ENTRY_BYTES;
    blob_put(end, 8, trailer->count);
    blob_put(end + 8, 8, trailer->streams_bytes);
    blob_put(end + 16, 8, trailer->made_ns);
    blob_put(end + 24, 4, trailer->day);
    blob_put(end + 28, 4, 0);
    blob_put(end + 32, 8, XXH3_64bits(out, count * BLOB_ENTRY_BYTES + SEALED_BYTES));
    memcpy(end + 40, magic, sizeof(magic));
}

bool blob_trailer_read(const unsigned char bytes[BLOB_TRAILER_BYTES], uint64_t file_bytes,
                       struct blob_trailer *trailer)
{
    if (file_bytes < BLOB_TRAILER_BYTES || memcmp(bytes + 40, magic, sizeof(magic)) != 0)
        return false;
    trailer->count = blob_get(bytes, 8);
    trailer->streams_bytes = blob_get(bytes + 8, 8);
    trailer->made_ns = blob_get(bytes + 16, 8);
    trailer->day = (uint32_t)blob_get(bytes + 24, 4);
    uint64_t before = file_bytes - BLOB_TRAILER_BYTES;
    return trailer->streams_bytes <= before && trailer->count <= before / BLOB_ENTRY_BYTES &&
           trailer->count <= UINT32_MAX &&
           trailer->count * BLOB_ENTRY_BYTES == before - trailer->streams_bytes;
}

struct blob_entry blob_index_entry(const unsigned char *index, size_t position)
{
    const unsigned char *at = index + position * BLOB_ENTRY_BYTES;
    struct blob_entry entry = {
        .blob = {.stream_bytes = blob_get(at + 24, 8),
                 .content_bytes = blob_get(at + 32, 8),
                 .crc = (uint32_t)blob_get(at + 48, 4),
                 .method = (uint16_t)blob_get(at + 52, 2)},
        .offset = blob_get(at + 16, 8),
        .checksum = blob_get(at + 40, 8),
    };
    memcpy(entry.key.bytes, at, sizeof(entry.key.bytes));
    return entry;
}

bool blob_index_check(const unsigned char *index, const struct blob_trailer *trailer)
{
    size_t count = (size_t)trailer->count;
    const unsigned char *end = index + count * BLOB_ENTRY_BYTES;
    if (XXH3_64bits(index, count * BLOB_ENTRY_BYTES + SEALED_BYTES) != blob_get(end + 32, 8))
        return false;
    for (size_t i = 0; i < count; i++) {
        const unsigned char *at = index + i * BLOB_ENTRY_BYTES;
        uint64_t offset = blob_get(at + 16, 8), size = blob_get(at + 24, 8);
        if (offset > trailer->streams_bytes || size > trailer->streams_bytes - offset)
            return false;
        if (i > 0 && memcmp(at - BLOB_ENTRY_BYTES, at, sizeof(struct blob_key)) >= 0)
            return false;
    }
    return true;
}

/* The first half of a key, as a number: keys, which are hashes, hardly ever have it in common. */
static uint64_t head_of(const unsigned char *key)
{
    uint64_t head;
    memcpy(&head, key, sizeof(head));
    return be64toh(head);
}

/* Where a key would lie if all were spread evenly. */
static size_t guess(size_t count, uint64_t head)
{
    return (size_t)((head >> 32) * count >> 32);
}

static int compare(const unsigned char *index, size_t position, uint64_t head, const struct blob_key *key)
{
    const unsigned char *there = index + position * BLOB_ENTRY_BYTES;
    uint64_t there_head = head_of(there);
    return there_head != head ? (there_head < head ? -1 : 1) : memcmp(there, key->bytes, sizeof(key->bytes));
}

size_t blob_index_find(const unsigned char *index, size_t count, const struct blob_key *key)
{
    if (count == 0)
        return SIZE_MAX;
    uint64_t head = head_of(key->bytes);
    /* Ever wider from the guess, until the key lies in [low, high); then halves. */
    size_t low = guess(count, head), high = low;
    for (size_t step = 8; low > 0 && compare(index, low, head, key) > 0; step *= 2)
        low = low > step ? low - step : 0;
    for (size_t step = 8; high < count && compare(index, high, head, key) <= 0; step *= 2)
        high = count - high > step ? high + step : count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(index, middle, head, key);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}
