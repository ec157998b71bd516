#include "graph/graph_inner.h"

#include <string.h>

int graph_add_edge(struct graph_work *work, uint32_t from, uint32_t to, struct shared_error *err)
{
    if (from == GRAPH_NONE || to == GRAPH_NONE || from == to)
        return 0;
    if (work->edge_count == work->edge_capacity) {
        size_t old = work->edge_capacity, larger = old ? old + old / 2 : work->reference_count + 4096;
        struct graph_edge *edges =
            shared_arena_resize(work->scratch, work->edges, old * sizeof(*edges), larger * sizeof(*edges));
        if (!edges)
            return graph_no_memory(work, err);
        work->edges = edges;
        work->edge_capacity = larger;
    }
    work->edges[work->edge_count++] = (struct graph_edge){from, to};
    return 0;
}

/* References come in the order of the sections that they are in: the atom before is often the one. */
static uint32_t atom_from(const struct graph_work *work, uint64_t address, uint32_t last)
{
    if (last != GRAPH_NONE) {
        const struct graph_atom *atom = &work->graph->atoms[last];
        if (address >= atom->address && address - atom->address < atom->size_bytes)
            return last;
    }
    return graph_atom_at(work, address);
}

int graph_make_edges(struct graph_work *work, struct shared_error *err)
{
    uint32_t from = GRAPH_NONE;
    for (size_t i = 0; i < work->reference_count; i++) {
        from = atom_from(work, work->references[i].from, from);
        if (from == GRAPH_NONE)
            continue;
        int status = graph_add_edge(work, from, graph_atom_at(work, work->references[i].to), err);
        if (status < 0)
            return status;
    }
    return 0;
}

/* By counting: the edges of each atom in the order in which they were added. */
static void sort_edges(const struct graph_work *work, uint32_t *start, uint32_t *to)
{
    size_t atoms = work->graph->atom_count;
    memset(start, 0, (atoms + 1) * sizeof(*start));
    for (size_t i = 0; i < work->edge_count; i++)
        start[work->edges[i].from + 1]++;
    for (size_t i = 0; i < atoms; i++)
        start[i + 1] += start[i];
    /* Filled from the front: each start moves to its end, and is then the start of the next. */
    for (size_t i = 0; i < work->edge_count; i++)
        to[start[work->edges[i].from]++] = work->edges[i].to;
    memmove(start + 1, start, atoms * sizeof(*start));
    start[0] = 0;
}

/* Leaves each edge once. */
static void drop_doubles(size_t atoms, uint32_t *start, uint32_t *to, uint32_t *last_from)
{
    uint32_t kept = 0;
    memset(last_from, 0xff, atoms * sizeof(*last_from));
    for (uint32_t from = 0; from < atoms; from++) {
        uint32_t i = start[from], end = start[from + 1];
        start[from] = kept;
        for (; i < end; i++)
            if (last_from[to[i]] != from) {
                last_from[to[i]] = from;
                to[kept++] = to[i];
            }
    }
    start[atoms] = kept;
}

int graph_sort_edges(struct graph_work *work, struct shared_arena *arena, struct shared_error *err)
{
    struct graph *graph = work->graph;
    size_t atoms = graph->atom_count;
    uint32_t *last_from = shared_arena_alloc(work->scratch, atoms * sizeof(*last_from));
    graph->edge_start = shared_arena_alloc(arena, (atoms + 1) * sizeof(*graph->edge_start));
    graph->edge_to = shared_arena_alloc(arena, (work->edge_count + 1) * sizeof(*graph->edge_to));
    if (!last_from || !graph->edge_start || !graph->edge_to || work->edge_count >= GRAPH_NONE)
        return graph_no_memory(work, err);
    sort_edges(work, graph->edge_start, graph->edge_to);
    drop_doubles(atoms, graph->edge_start, graph->edge_to, last_from);
    return 0;
}
