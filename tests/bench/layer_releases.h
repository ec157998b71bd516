/* layer_releases.h - what a row of releases publishes. */
#ifndef BENCH_LAYER_RELEASES_H
#define BENCH_LAYER_RELEASES_H

#include <stdint.h>

enum releases_way {
    RELEASES_UNSHARED, /* no layers */
    RELEASES_FRESH,    /* each release plans from scratch */
    RELEASES_LAST      /* each starts from the plan before */
};

struct releases {
    uint64_t layers, functions;           /* versions published, the first release's aside */
    uint64_t layer_bytes, function_bytes; /* of these */
    uint64_t first_bytes;                 /* of the first release */
    uint64_t stored_bytes, bound_bytes;   /* after the last one */
    unsigned replanned;                   /* releases in which a fresh plan took over */
};

/*
 * 24 functions of about 40 packages; in each release after the first one package of one function changes: with four in
 * five it is the function's own code. A layer is published where there was none of its content; a function where its zip or
 * the list of its layers is another one.
 */
void releases_run(unsigned count, enum releases_way way, struct releases *releases);

#endif
