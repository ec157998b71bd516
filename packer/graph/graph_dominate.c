#include "base/cleanup.h"
#include "graph/dominators.h"
#include "graph/graph_inner.h"

int graph_dominate(struct graph *graph)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const struct dominator_graph nodes = {graph->atom_count, graph->edge_start, graph->edge_to};
    uint32_t *dominator = shared_arena_alloc(&scratch, graph->atom_count * sizeof(*dominator));
    uint64_t *retained = shared_arena_alloc(&scratch, graph->atom_count * sizeof(*retained));
    if (!dominator || !retained)
        return SHARED_ENOMEM;
    for (size_t i = 0; i < graph->atom_count; i++)
        retained[i] = graph_atom_bytes(&graph->atoms[i]);
    if (dominators_find(&nodes, &scratch, dominator, retained) < 0)
        return SHARED_ENOMEM;
    for (size_t i = 0; i < graph->atom_count; i++) {
        graph->atoms[i].dominator = dominator[i];
        graph->atoms[i].retained_bytes = retained[i];
    }
    return 0;
}
