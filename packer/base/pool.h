/* pool.h - the same work on many things, on all processors. */
#ifndef PACKER_POOL_H
#define PACKER_POOL_H

#include <shared/error.h>

#include <stddef.h>

/* Each has a file open, or two; at most 64 are to be, and half of them are those of the cache of blobs. */
#define POOL_THREADS 30
#define POOL_THREADS_OF_TWO 15

/* Works on one thing. worker is the same for all that one thread does, and below threads. */
typedef int pool_act(void *user, unsigned worker, size_t index, struct shared_error *err);

/* How many threads work where so many are asked for, 0 for as many as there are processors: 1 to POOL_THREADS. */
unsigned pool_threads(unsigned parallel);

/*
 * Calls act for 0 to count - 1, begun in this order, on so many threads, the calling one among them. Once one fails no
 * other is begun, and of those that failed the first in order is what is returned: the same however threads run.
 */
int pool_run(unsigned threads, size_t count, pool_act *act, void *user, struct shared_error *err);

#endif
