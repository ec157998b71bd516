/*
 * dominators.h - in a graph with a root: which node all ways to another go through, and what would be cut off
 * without it.
 *
 * Lengauer, Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph", 1979, with its simple LINK: edges times
 * the logarithm of nodes at worst, whatever the graph.
 */
#ifndef PACKER_DOMINATORS_H
#define PACKER_DOMINATORS_H

#include <shared/arena.h>

#include <stddef.h>
#include <stdint.h>

#define DOMINATOR_NONE UINT32_MAX

/* Node 0 is the root. edge_start has count + 1 items. */
struct dominator_graph {
    size_t count;
    const uint32_t *edge_start, *edge_to;
};

/*
 * Sets the immediate dominator of each node, DOMINATOR_NONE for the root and what cannot be reached, and adds
 * to each weight those of all nodes that it dominates. Returns 0 or SHARED_ENOMEM. What it needs lies in scratch.
 */
int dominators_find(const struct dominator_graph *graph, struct shared_arena *scratch, uint32_t *dominator,
                    uint64_t *weight);

#endif
