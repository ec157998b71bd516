/* content_pool.h - the same work on many things, on all processors. */
#ifndef PACKER_CONTENT_POOL_H
#define PACKER_CONTENT_POOL_H

#include <shared/error.h>

#include <stddef.h>

/* Each has a file open, or two where it compares; at most 64 are to be, and half of them are those of the cache of blobs. */
#define CONTENT_THREADS 30
#define CONTENT_THREADS_OF_TWO 15

/* Works on one thing. worker is the same for all that one thread does, and below threads. */
typedef int content_act(void *user, unsigned worker, size_t index, struct shared_error *err);

/* How many threads work for "parallel" of struct content_options: 1 to CONTENT_THREADS. */
unsigned content_pool_threads(unsigned parallel);

/*
 * Calls act for 0 to count - 1, begun in this order, on so many threads, the calling one among them. Once one fails no
 * other is begun, and of those that failed the first in order is what is returned: the same however threads run.
 */
int content_pool_run(unsigned threads, size_t count, content_act *act, void *user, struct shared_error *err);

#endif
