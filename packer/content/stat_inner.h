/* stat_inner.h - what the files of the stat cache share. */
#ifndef PACKER_STAT_INNER_H
#define PACKER_STAT_INNER_H

#include "content/stat_cache.h"

/*
 * The file, all numbers as the machine has them: a head, the contents, each followed by its streams, and the files, each
 * followed by its path and a NUL.
 */
#define STAT_MAGIC 0x3261746174733e64ull /* another one on a machine of the other byte order */

struct stat_head {
    uint64_t magic;
    uint64_t checksum; /* XXH3-64 of all that follows it */
    uint64_t codecs;   /* XXH3-64 of what streams were made by */
    uint64_t content_count, file_count;
};

struct stat_content_record {
    struct hash hash;
    uint64_t size_bytes;
    uint32_t crc;
    uint32_t stream_count;
};

struct stat_stream_record {
    uint64_t bytes;
    uint16_t level, method;
    uint32_t unused;
};

struct stat_file_record {
    struct stat_print print;
    uint32_t content;
    uint32_t path_bytes; /* without the NUL */
};

/* Fills an empty cache with what a file holds, which is borrowed until stat_cache_close. Files with a time of written_ns
 * or later are left out. False where it is damaged or of another kind: the cache is then to be emptied. */
bool stat_cache_parse(struct stat_cache *cache, struct shared_slice file, uint64_t codecs,
                      int64_t written_ns);

uint64_t stat_codecs_hash(struct shared_slice codecs);

#endif
