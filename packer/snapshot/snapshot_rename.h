/* snapshot_rename.h - which function of one snapshot is which of another. */
#ifndef PACKER_SNAPSHOT_RENAME_H
#define PACKER_SNAPSHOT_RENAME_H

#include "snapshot/snapshot.h"

/* NULL before: it is new; NULL after: it is gone. */
struct snapshot_pair {
    const struct snapshot_function *before, *after;
};

/*
 * Pairs functions by name; of those that are left, a new one with the one gone that it has most of its own
 * code in common with, and at least half. Each function is in one pair, in the arena. SHARED_ENOMEM.
 */
int snapshot_pair_functions(const struct snapshot *before, const struct snapshot *after,
                            struct shared_arena *arena, struct snapshot_pair **pairs, size_t *count,
                            struct shared_error *err);

#endif
