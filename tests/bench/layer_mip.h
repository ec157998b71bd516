/* layer_mip.h - a problem of layers as a mixed integer program, in the format of CPLEX's LP files. */
#ifndef BENCH_LAYER_MIP_H
#define BENCH_LAYER_MIP_H

#include "layer/layer_plan.h"

/*
 * Writes the program whose optimum is the least cost of any plan, and a start for the solver: a plan. At most 16 functions; no item has more than one content at its place.
 *
 * Why its optimum is the problem's: a plan is a family of layers, each attached by a set A of functions. Of two
 * layers with the same A one may be made, without loss. So for each A with two functions or more, all of whom carry
 * some item together, y_A says whether there is a layer for it, and for each item c that all of A carry z_c,A
 * whether it holds c:
 *
 *     minimise   all copies + overhead × sum of y_A - sum of bytes_c × (|A| - 1) × z_c,A
 *     each f:    sum of y_A, f in A   <= slots of f
 *     each c, A: z_c,A                <= y_A
 *     each c, f: sum of z_c,A, f in A <= 1    (no function has a place twice)
 *
 * No A is left out, so no plan is.
 *
 * With extra bytes, A may have an item that two of it carry, U of them, and who does not carry it bears it as a stranger:
 * z_c,A is worth bytes_c × (|A and U| - 1) less the price of its unzipped bytes to the others, and
 *
 *     each f:    sum of unzipped_c × z_c,A, f in A and not carrying c <= extra bytes
 */
void mip_write(const char *path, const struct layer_problem *problem);
void mip_write_start(const char *path, const struct layer_problem *problem, const struct layer_plan *plan);

/* Stored bytes, and the price of strangers (LAYER_STRANGERS). */
uint64_t mip_cost(const struct layer_problem *problem, const struct layer_plan *plan);

#endif
