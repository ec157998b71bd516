#include "graph/graph.h"

int graph_chain(const struct graph *graph, uint32_t atom, struct shared_arena *arena, uint32_t **chain,
                size_t *length, struct shared_error *err)
{
    size_t count = 1;
    for (uint32_t at = atom; graph->atoms[at].parent != GRAPH_NONE; at = graph->atoms[at].parent)
        count++;
    *chain = shared_arena_alloc(arena, count * sizeof(**chain));
    if (!*chain)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a chain of %zu references", count);
    *length = count;
    for (uint32_t at = atom; count > 0; at = graph->atoms[at].parent)
        (*chain)[--count] = at;
    return 0;
}
