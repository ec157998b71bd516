/*
 * size_order.h - the parts of a program as a tree, library, member, symbol, the largest first.
 *
 * Equal ones stand by name, then by address: the order is the same on every machine.
 */
#ifndef PACKER_SIZE_ORDER_H
#define PACKER_SIZE_ORDER_H

#include "graph/graph.h"

enum size_key { SIZE_DEFLATED, SIZE_BYTES, SIZE_RETAINED };

/* Indices into the graph's arrays. */
struct size_order {
    uint32_t *libraries; /* those with bytes */
    size_t library_count;
    uint32_t *member_start; /* of a library: members[member_start[library] … member_start[library + 1]) */
    uint32_t *members;
    uint32_t *atom_start; /* of a member, in the same way */
    uint32_t *atoms;
};

/* Everything lives in the arena. SHARED_ENOMEM. */
int size_order_make(const struct graph *graph, enum size_key key, struct shared_arena *arena,
                    struct size_order *order, struct shared_error *err);

#endif
