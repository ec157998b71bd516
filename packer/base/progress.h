/*
 * progress.h - a bar on a terminal while something takes long.
 *
 *     linking     [=========>                    ]  31 %
 *
 * Nothing is written where the stream is no live terminal, nor within the first half second. The bar is
 * redrawn at most ten times a second and is gone at the end.
 */
#ifndef PACKER_PROGRESS_H
#define PACKER_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
    FILE *stream;
    bool enabled, drawn;
    int64_t next_ms; /* monotonic: when it may be drawn again */
    pthread_mutex_t lock;
};

/* wanted false: never draws. */
void progress_init(struct progress *progress, FILE *stream, bool wanted);

/* Takes the bar away. */
void progress_clean_up(struct progress *progress);

/* share from 0 to 1. Any thread. */
void progress_update(struct progress *progress, double share, const char *label);

#endif
