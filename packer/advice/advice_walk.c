#include "advice/advice_inner.h"

#include <string.h>

int advice_walk_init(struct advice_walk *walk, const struct graph *graph, struct shared_arena *scratch,
                     struct shared_error *err)
{
    size_t count = graph->atom_count;
    *walk = (struct advice_walk){
        .graph = graph,
        .left_out = shared_arena_alloc(scratch, count * sizeof(*walk->left_out)),
        .seen = shared_arena_alloc(scratch, count * sizeof(*walk->seen)),
        .queue = shared_arena_alloc(scratch, count * sizeof(*walk->queue)),
    };
    if (!walk->left_out || !walk->seen || !walk->queue)
        return advice_no_memory(err);
    memset(walk->left_out, 0, count * sizeof(*walk->left_out));
    return 0;
}

void advice_walk(struct advice_walk *walk)
{
    const struct graph *graph = walk->graph;
    size_t head = 0, tail = 0;
    memset(walk->seen, 0, graph->atom_count * sizeof(*walk->seen));
    walk->seen[GRAPH_ROOT] = true;
    walk->queue[tail++] = GRAPH_ROOT;
    while (head < tail) {
        uint32_t from = walk->queue[head++];
        for (uint32_t i = graph->edge_start[from]; i < graph->edge_start[from + 1]; i++) {
            uint32_t to = graph->edge_to[i];
            if (walk->seen[to] || walk->left_out[to])
                continue;
            walk->seen[to] = true;
            walk->queue[tail++] = to;
        }
    }
}

struct share_bytes advice_lost(const struct advice_walk *walk)
{
    struct share_bytes lost = {0};
    for (uint32_t i = 1; i < walk->graph->atom_count; i++) {
        const struct graph_atom *atom = &walk->graph->atoms[i];
        if (walk->seen[i] || atom->member == 0)
            continue;
        lost.file += graph_atom_bytes(atom);
        lost.zip += atom->deflated_bytes;
    }
    return lost;
}
