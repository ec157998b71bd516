/* lock_changes.h - how often what functions carry at a place has changed; lock_plan.h says when it counts. */
#ifndef PACKER_LOCK_CHANGES_H
#define PACKER_LOCK_CHANGES_H

#include "layer/layer_plan.h"
#include "layer/lock_file.h"

/* Sets the changes of a lock whose layers are set. 0 or SHARED_ENOMEM. */
int lock_changes_make(const struct lock_file *last, const struct layer_problem *problem,
                      struct shared_arena *arena, struct lock_file *lock);

#endif
