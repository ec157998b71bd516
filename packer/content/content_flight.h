/* content_flight.h - how many bytes of files and streams are in memory at a time, whatever the number of threads. */
#ifndef PACKER_CONTENT_FLIGHT_H
#define PACKER_CONTENT_FLIGHT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Tasks are let in by their number, one after the other: each waits for those that are done, never for a later one. */
struct content_flight {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t limit_bytes, bytes;
    size_t next;  /* the task that is let in next */
    bool stopped; /* nobody waits any more */
};

void content_flight_init(struct content_flight *flight, size_t limit_bytes);
void content_flight_clean_up(struct content_flight *flight);

/* Waits until there is room; one that needs more than all is let in alone. False where it was stopped. */
bool content_flight_enter(struct content_flight *flight, size_t task, size_t bytes);
void content_flight_leave(struct content_flight *flight, size_t bytes);

/* Ends all waiting: something failed. */
void content_flight_stop(struct content_flight *flight);

#endif
