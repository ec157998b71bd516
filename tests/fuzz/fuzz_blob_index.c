/* The end of a segment of blobs, as the disk gives it: a byte that says whether its checksum is mended, then the file. */
#include "fuzz_target.h"

#include "content/blob_bytes.h"
#include "content/blob_index.h"

#include <string.h>
#include <xxhash.h>

/* What was read as an index says of each key where its stream is, within the streams. */
static void look(const unsigned char *index, const struct blob_trailer *trailer, const struct blob_key *any)
{
    size_t count = (size_t)trailer->count;
    for (size_t i = 0; i < count; i++) {
        struct blob_entry entry = blob_index_entry(index, i);
        FUZZ_PROMISE(entry.offset <= trailer->streams_bytes);
        FUZZ_PROMISE(entry.blob.stream_bytes <= trailer->streams_bytes - entry.offset);
        FUZZ_PROMISE(blob_index_find(index, count, &entry.key) == i);
    }
    size_t found = blob_index_find(index, count, any);
    if (found != SIZE_MAX) {
        struct blob_entry entry = blob_index_entry(index, found);
        FUZZ_PROMISE(found < count && memcmp(&entry.key, any, sizeof(*any)) == 0);
    }
}

/* Entries that were read are written as they were. */
static void write_again(const unsigned char *index, const struct blob_trailer *trailer)
{
    size_t count = (size_t)trailer->count, size = (size_t)blob_index_bytes(trailer->count);
    struct blob_entry *entries = malloc((count + 1) * sizeof(*entries));
    unsigned char *again = malloc(size);
    for (size_t i = 0; entries && i < count; i++)
        entries[count - 1 - i] = blob_index_entry(index, i);
    if (entries && again) {
        struct blob_trailer same;
        blob_index_sort(entries, count);
        blob_index_write(again, entries, trailer);
        FUZZ_PROMISE(
            blob_trailer_read(again + size - BLOB_TRAILER_BYTES, size + trailer->streams_bytes, &same));
        FUZZ_PROMISE(blob_index_check(again, &same));
        for (size_t i = 0; i < count; i++)
            FUZZ_PROMISE(memcmp(again + i * BLOB_ENTRY_BYTES, index + i * BLOB_ENTRY_BYTES, 54) == 0);
    }
    free(entries);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct blob_trailer trailer;
    struct blob_key any = {{0}};
    if (size < 1 + BLOB_TRAILER_BYTES)
        return 0;
    size_t file_bytes = size - 1;
    unsigned char *file = malloc(file_bytes), *end = file + file_bytes - BLOB_TRAILER_BYTES;
    if (!file)
        return 0;
    memcpy(file, data + 1, file_bytes);
    memcpy(&any, file, sizeof(any));
    if (blob_trailer_read(end, file_bytes, &trailer)) {
        unsigned char *index = file + trailer.streams_bytes;
        FUZZ_PROMISE(trailer.streams_bytes + blob_index_bytes(trailer.count) == file_bytes);
        if (data[0] & 1)
            blob_put(end + 32, 8, XXH3_64bits(index, (size_t)(end - index) + 32));
        if (blob_index_check(index, &trailer)) {
            look(index, &trailer, &any);
            write_again(index, &trailer);
        }
    }
    free(file);
    return 0;
}
