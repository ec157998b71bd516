/* layer_check.h - whether a plan keeps what layer_plan.h promises. */
#ifndef PACKER_LAYER_CHECK_H
#define PACKER_LAYER_CHECK_H

#include "layer/layer_plan.h"

/*
 * Works all of it out again, from the problem alone: slots, limits, places, strangers, what is carried where, names,
 * sums. Builds without NDEBUG check every plan that they make. SHARED_EINVAL says what does not hold, SHARED_ENOMEM.
 */
int layer_plan_check(const struct layer_problem *problem, const struct layer_plan *plan,
                     struct shared_arena *arena, struct shared_error *err);

#endif
