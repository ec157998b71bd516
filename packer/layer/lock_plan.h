/* lock_plan.h - from the lock to the planner, and from its plan to the next lock. */
#ifndef PACKER_LOCK_PLAN_H
#define PACKER_LOCK_PLAN_H

#include "layer/layer_plan.h"
#include "layer/lock_file.h"

#include <shared/arena.h>
#include <shared/error.h>

/*
 * Gives a problem, whose functions and items are set, what the lock knows: how often what is at the place of each item
 * has changed, the last layers, and what each function attached. Items of them that no function carries any more are
 * added at the end; items is then a new array in the arena, of which the first are those that were there, in their
 * order. An empty lock leaves the problem as it is. SHARED_ENOMEM.
 */
int lock_to_plan(const struct lock_file *lock, struct layer_problem *problem, struct shared_arena *arena,
                 struct shared_error *err);

/* A plan whose packages were written. */
struct lock_plan {
    const char *project, *architecture;
    const struct layer_problem *problem; /* as lock_to_plan left it */
    const struct layer_plan *plan;
    const struct lock_zip *functions; /* of each of the problem */
    const struct lock_zip
        *layers; /* of each of the plan; sha256 "": not written, it is that of the last lock */
    const struct lock_file *last;
};

/*
 * Makes the lock of a plan. Texts are those of what it is made of. The ledger is the last lock's.
 *
 * What functions carry at a place is told from the last time by a digest: that of the one item, or of the digests of
 * all where functions carry different ones, in their order. Where it differs, the place's count goes up; so a pack of
 * what was packed before gives the same lock. Counted are places that are in a layer or were, as long as a function
 * carries them. Where nothing has ever changed and the layers say what is carried, there is no entry.
 *
 * SHARED_EINVAL: a layer was not written, and the last lock does not have it. SHARED_ENOMEM.
 */
int lock_from_plan(const struct lock_plan *made, struct shared_arena *arena, struct lock_file *lock,
                   struct shared_error *err);

#endif
