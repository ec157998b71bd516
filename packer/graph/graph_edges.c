#include "graph/graph_inner.h"

#include <string.h>

int graph_add_edge(struct graph_work *work, uint32_t from, uint32_t to, struct shared_error *err)
{
    if (from == GRAPH_NONE || to == GRAPH_NONE || from == to)
        return 0;
    if (work->edge_count == work->edge_capacity) {
        size_t old = work->edge_capacity, larger = old ? 2 * old : work->reference_count + 1024;
        uint32_t *edge_from = shared_arena_resize(work->scratch, work->edge_from, old * sizeof(*edge_from),
                                                  larger * sizeof(*edge_from));
        uint32_t *edge_to = shared_arena_resize(work->scratch, work->edge_to, old * sizeof(*edge_to),
                                                larger * sizeof(*edge_to));
        if (!edge_from || !edge_to)
            return graph_no_memory(work, err);
        work->edge_from = edge_from;
        work->edge_to = edge_to;
        work->edge_capacity = larger;
    }
    work->edge_from[work->edge_count] = from;
    work->edge_to[work->edge_count++] = to;
    return 0;
}

/* References come in the order of the sections that they are in: the atom before is often the one. */
static uint32_t atom_from(const struct graph *graph, uint64_t address, uint32_t last)
{
    if (last != GRAPH_NONE) {
        const struct graph_atom *atom = &graph->atoms[last];
        if (address >= atom->address && address - atom->address < atom->size_bytes)
            return last;
    }
    return graph_atom_at(graph, address);
}

int graph_make_edges(struct graph_work *work, struct shared_error *err)
{
    uint32_t from = GRAPH_NONE;
    for (size_t i = 0; i < work->reference_count; i++) {
        from = atom_from(work->graph, work->references[i].from, from);
        if (from == GRAPH_NONE)
            continue;
        int status = graph_add_edge(work, from, graph_atom_at(work->graph, work->references[i].to), err);
        if (status < 0)
            return status;
    }
    return 0;
}

/* By counting: the edges of each atom in the order in which they were added, each once where they follow one
 * another. */
int graph_sort_edges(struct graph_work *work, struct shared_error *err)
{
    struct graph *graph = work->graph;
    size_t atoms = graph->atom_count;
    graph->edge_start = shared_arena_alloc(work->arena, (atoms + 1) * sizeof(*graph->edge_start));
    graph->edge_to = shared_arena_alloc(work->arena, (work->edge_count + 1) * sizeof(*graph->edge_to));
    if (!graph->edge_start || !graph->edge_to || work->edge_count >= GRAPH_NONE)
        return graph_no_memory(work, err);
    memset(graph->edge_start, 0, (atoms + 1) * sizeof(*graph->edge_start));
    for (size_t i = 0; i < work->edge_count; i++)
        graph->edge_start[work->edge_from[i] + 1]++;
    for (size_t i = 0; i < atoms; i++)
        graph->edge_start[i + 1] += graph->edge_start[i];
    /* Filled from the front: each start moves to its end, and is then the start of the next. */
    for (size_t i = 0; i < work->edge_count; i++)
        graph->edge_to[graph->edge_start[work->edge_from[i]]++] = work->edge_to[i];
    memmove(graph->edge_start + 1, graph->edge_start, atoms * sizeof(*graph->edge_start));
    graph->edge_start[0] = 0;
    return 0;
}
