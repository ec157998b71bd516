/* log_ring.h - lines held back, the latest ones, until they are wanted or forgotten. */
#ifndef SHARED_LOG_RING_H
#define SHARED_LOG_RING_H

#include "log/log_line.h"

#include <pthread.h>

/* Lies where the log lies that it belongs to. Any thread may log through it. */
struct shared_log_ring {
    struct shared_log_hold hold;
    enum shared_log_level level; /* lines from it on are written at once, not held */
    bool released_by_error;      /* a line from ERROR on brings out what is held before it */
    pthread_mutex_t lock;
    char *bytes;
    size_t capacity_bytes, first, used_bytes;
    size_t lost; /* lines that made room for later ones */
};

/*
 * Makes the log hold lines between lowest and its level, which stays that of what is written. bytes, NULL for
 * none, are the caller's, as the ring is, for the life of the log.
 */
void shared_log_ring_init(struct shared_log_ring *ring, struct shared_log *log, enum shared_log_level lowest,
                          char *bytes, size_t capacity_bytes);

#endif
