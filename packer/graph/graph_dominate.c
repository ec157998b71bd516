#include "graph/dominators.h"
#include "graph/graph_inner.h"

int graph_dominate(struct graph_work *work, struct shared_error *err)
{
    struct graph *graph = work->graph;
    const struct dominator_graph nodes = {graph->atom_count, graph->edge_start, graph->edge_to};
    uint32_t *dominator = shared_arena_alloc(work->scratch, graph->atom_count * sizeof(*dominator));
    uint64_t *retained = shared_arena_alloc(work->scratch, graph->atom_count * sizeof(*retained));
    if (!dominator || !retained)
        return graph_no_memory(work, err);
    for (size_t i = 0; i < graph->atom_count; i++)
        retained[i] = graph_atom_bytes(&graph->atoms[i]);
    if (dominators_find(&nodes, work->scratch, dominator, retained) < 0)
        return graph_no_memory(work, err);
    for (size_t i = 0; i < graph->atom_count; i++) {
        graph->atoms[i].dominator = dominator[i];
        graph->atoms[i].retained_bytes = retained[i];
    }
    return 0;
}
