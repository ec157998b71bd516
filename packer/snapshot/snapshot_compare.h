/* snapshot_compare.h - what became of the sizes between two snapshots. */
#ifndef PACKER_SNAPSHOT_COMPARE_H
#define PACKER_SNAPSHOT_COMPARE_H

#include "snapshot/snapshot.h"

#include <stdbool.h>

enum snapshot_key { SNAPSHOT_FILE, SNAPSHOT_ZIP };

/*
 * One row of a table. What was not there before has a before.count of 0, what is no more an after.count of 0.
 * Which of the names are set depends on the table: function; library; or library, member and symbol.
 */
struct snapshot_delta {
    const char *function, *library, *member, *symbol; /* borrowed from the snapshots */
    const char *was; /* name of the function before, where it was renamed; NULL: it was not */
    struct snapshot_sizes before, after;
};

/* Sorted: the largest change first, up or down; of equals that with the largest change by the other key, then
 * by name. */
struct snapshot_deltas {
    struct snapshot_delta *items;
    size_t count;
};

struct snapshot_comparison {
    struct snapshot_sizes before, after;
    struct snapshot_deltas functions; /* all */
    struct snapshot_deltas libraries; /* all, each summed up over the functions */
    /*
     * Those that differ in a function, summed up over all functions: a symbol that is in four of them is one
     * row with four pieces.
     */
    struct snapshot_deltas symbols;
    enum snapshot_depth depth; /* the lesser of both: */
    enum snapshot_depth before_depth, after_depth;
    bool differs; /* anything, a share of the zip too */
};

static inline int64_t snapshot_change(uint64_t before, uint64_t after)
{
    return (int64_t)after - (int64_t)before;
}

/* Whether only its share of the zip is another, which it is whenever anything near it changes. */
static inline bool snapshot_only_moved(const struct snapshot_delta *delta)
{
    return delta->before.bytes == delta->after.bytes && delta->before.count == delta->after.count;
}

/*
 * Compares; at the lesser depth of both. A function that is gone and a new one that are alike in their own
 * code are one that was renamed. Everything lives in the arena; names are borrowed from the snapshots.
 * SHARED_ENOMEM.
 */
int snapshot_compare(const struct snapshot *before, const struct snapshot *after, enum snapshot_key key,
                     struct shared_arena *arena, struct snapshot_comparison *comparison,
                     struct shared_error *err);

#endif
