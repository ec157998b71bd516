/*
 * blob_index.h - the end of a segment of blobs: what streams it holds, and where.
 *
 * A segment, "NAME.blobs", all numbers little-endian:
 *
 *     0   streams, one after the other, in any order; bytes between them are of no meaning
 *     S   index: an entry of 56 bytes for each stream, by key ascending, no key twice
 *           0  16  key
 *          16   8  offset of the stream
 *          24   8  bytes of the stream
 *          32   8  bytes of the content
 *          40   8  XXH3-64 of the stream
 *          48   4  CRC-32 of the content
 *          52   2  method, APPNOTE 4.4.5
 *          54   2  zero
 *     S + 56 × count   trailer, the last 48 bytes
 *           0   8  count
 *           8   8  S
 *          16   8  when it was made, ns since 1970: of two streams with one key the newer segment's counts
 *          24   4  the day it was made, since 1970
 *          28   4  zero
 *          32   8  XXH3-64 of the index and of the 32 bytes before this
 *          40   8  "demblob1"
 *
 * "NAME.use": 4 bytes for each entry, in the index' order: the day a stream was last used. 0, or beyond the end of the
 * file: not since its segment was made.
 */
#ifndef PACKER_BLOB_INDEX_H
#define PACKER_BLOB_INDEX_H

#include "content/blob_cache.h"

#define BLOB_ENTRY_BYTES 56u
#define BLOB_TRAILER_BYTES 48u
#define BLOB_USE_BYTES 4u

/* A stream over this is damage: no file system has it. */
#define BLOB_STREAM_BYTES_MAX (UINT64_C(1) << 60)

struct blob_entry {
    struct blob_key key;
    struct blob blob;
    uint64_t offset, checksum;
    uint32_t day; /* it was last used; not in the index */
};

struct blob_trailer {
    uint64_t count, streams_bytes, made_ns;
    uint32_t day;
};

/* Bytes of an index with its trailer. */
static inline uint64_t blob_index_bytes(uint64_t count)
{
    return count * BLOB_ENTRY_BYTES + BLOB_TRAILER_BYTES;
}

/* By key, as an index needs them. */
void blob_index_sort(struct blob_entry *entries, size_t count);

/* Writes index and trailer at out, which has blob_index_bytes; the entries, trailer->count of them, are sorted. */
void blob_index_write(unsigned char *out, const struct blob_entry *entries,
                      const struct blob_trailer *trailer);

/* Reads the last 48 bytes of a file; false where they are no trailer of a file of that size. */
bool blob_trailer_read(const unsigned char bytes[BLOB_TRAILER_BYTES], uint64_t file_bytes,
                       struct blob_trailer *trailer);

/* Whether index, an index with its trailer as blob_trailer_read gave it, is whole and makes sense. What follows needs
 * that. */
bool blob_index_check(const unsigned char *index, const struct blob_trailer *trailer);

struct blob_entry blob_index_entry(const unsigned char *index, size_t position);

/* The position of a key; SIZE_MAX where it is not there. */
size_t blob_index_find(const unsigned char *index, size_t count, const struct blob_key *key);

#endif
