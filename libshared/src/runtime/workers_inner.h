/* workers_inner.h - what the workers of an environment share, and what each has of its own. */
#ifndef SHARED_WORKERS_INNER_H
#define SHARED_WORKERS_INNER_H

#include "runtime/runtime_loop.h"

#include <pthread.h>
#include <stdatomic.h>

struct shared_worker_crew {
    shared_handler *handler;
    struct shared_slice next; /* the request for an event */
    atomic_bool stopping;
    int stop_fd; /* can be read once they shall stop; -1: there is one worker */
};

struct shared_worker {
    struct shared_worker_crew *crew;
    struct shared_runtime_loop loop;
    pthread_t thread;
};

/* Takes the next event, as shared_runtime_next; returns 1 where the workers shall stop. */
int shared_worker_next(struct shared_worker *worker, struct shared_context *context,
                       struct shared_slice *event);

#endif
