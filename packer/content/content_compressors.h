/* content_compressors.h - compressors of libdeflate, lent to threads: as many as have room in memory, however many threads
 * there are. */
#ifndef PACKER_CONTENT_COMPRESSORS_H
#define PACKER_CONTENT_COMPRESSORS_H

#include "base/pool.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stddef.h>

#define CONTENT_LEVELS 13

/* All of them together, where there is room: ten of the highest levels, which have 9 MB each. */
#define CONTENT_COMPRESSORS_BYTES ((size_t)92 << 20)

struct content_compressors {
    pthread_mutex_t lock;
    pthread_cond_t given_back;
    size_t limit_bytes, bytes; /* bytes: of all that there are, lent or not */
    struct libdeflate_compressor *idle[CONTENT_LEVELS][POOL_THREADS];
    unsigned idle_count[CONTENT_LEVELS];
};

/* One there is whatever the limit. */
void content_compressors_init(struct content_compressors *compressors, size_t limit_bytes);
void content_compressors_clean_up(struct content_compressors *compressors);

/* One of a level, to be given back before anything is waited for: others may wait for it. NULL where memory is
 * exhausted. Threads are at most POOL_THREADS, each with one. */
struct libdeflate_compressor *content_compressors_take(struct content_compressors *compressors, int level);
void content_compressors_give(struct content_compressors *compressors, int level,
                              struct libdeflate_compressor *compressor);

#endif
