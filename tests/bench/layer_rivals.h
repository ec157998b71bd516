/* layer_rivals.h - what simpler planners store: the baselines of the planner of layers. */
#ifndef BENCH_LAYER_RIVALS_H
#define BENCH_LAYER_RIVALS_H

#include "layer/layer_plan.h"

/* One layer with what all functions carry. */
uint64_t rival_common(const struct layer_problem *problem);

/*
 * Again and again a layer for the set of items with the same users that has most (users - 1) x bytes left, of those
 * users that may attach one more, with whatever else all of them still carry.
 */
uint64_t rival_greedy(const struct layer_problem *problem);

#endif
