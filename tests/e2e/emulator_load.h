/*
 * emulator_load.h - the Runtime API for a function that serves several invocations at once.
 *
 * Each connection is a worker: it asks for an event, posts what came of it, asks for the next. No event is
 * given before all workers wait for one at the same time, so that they are known to be there.
 */
#ifndef E2E_EMULATOR_LOAD_H
#define E2E_EMULATOR_LOAD_H

#include "emulator.h"

#define EMULATOR_LOAD_WORKERS 120

struct emulator_load {
    int workers;
    long invocations;

    /* Writes event number n, from 0; returns its size. */
    size_t (*event)(long n, char *event, size_t room);

    /* Looks at what was posted for event n. Returns NULL, or what is wrong with it. */
    const char *(*check)(long n, const struct emulator_request *request);

    long lose_every; /* each so manyth /next finds its connection closed; 0: none */

    /* One more event is given to a worker before the end. busy_at_end: another worker is told to stop
     * meanwhile. post_fails_at_end: what is posted for it is answered with status 500, and nobody is told. */
    bool busy_at_end, post_fails_at_end;
};

/*
 * Plays until each event was given and answered. When all workers wait again, one is answered with status 500
 * and the others with nothing; then the program has to end by itself. run tells as after emulator_play, but
 * holds no requests. Returns 0, or -1 with the reason in run->problem.
 */
int emulator_load(const struct emulator_options *options, const struct emulator_load *load,
                  struct emulator_run *run);

#endif
