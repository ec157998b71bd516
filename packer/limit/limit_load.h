/*
 * limit_load.h - how busy functions are: by Little's law (J. D. C. Little, "A Proof for the Queuing Formula L = λW",
 * Operations Research 9(3), 1961) the executions at a time are requests/s times seconds of each.
 */
#ifndef PACKER_LIMIT_LOAD_H
#define PACKER_LIMIT_LOAD_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one function; of all, sums. */
struct limit_load {
    const char *function; /* NULL: all */
    uint64_t memory_mb, timeout_s;
    uint64_t requests_per_s; /* 0: the manifest does not say */
    uint64_t duration_ms;    /* 0: likewise */
    uint64_t busy_ms; /* of executions in each second: a thousand are one execution at a time. 0: not known */
};

struct limit_loads {
    struct limit_load *items; /* of each function of the manifest */
    size_t count;
    struct limit_load all; /* requests_per_s and busy_ms alone */
};

/* Numbers too large for 64 bits stay at the largest. SHARED_ENOMEM. */
int limit_loads_make(const struct manifest *manifest, struct shared_arena *arena, struct limit_loads *loads,
                     struct shared_error *err);

/* Executions at a time, rounded up. */
uint64_t limit_load_executions(const struct limit_load *load);

#endif
