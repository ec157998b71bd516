#include "graph/dominators.h"
#include "graph/graph_inner.h"

#include <string.h>

/*
 * What would go with a whole member: the graph of members, each one node, has an edge where an atom of one
 * refers to an atom of another. Nodes: the root, then the members; one is 1 more than the member's index.
 */

struct member_graph {
    struct dominator_graph nodes;
    uint32_t *edge_start, *edge_to;
};

static uint32_t node_of(const struct graph *graph, uint32_t atom)
{
    return atom == GRAPH_ROOT ? 0 : graph->atoms[atom].member + 1;
}

/* Atoms sorted by their node, by counting. */
static uint32_t *sort_atoms(struct graph_work *work, uint32_t *start, size_t nodes)
{
    const struct graph *graph = work->graph;
    uint32_t *sorted = shared_arena_alloc(work->scratch, graph->atom_count * sizeof(*sorted));
    if (!sorted)
        return NULL;
    memset(start, 0, (nodes + 1) * sizeof(*start));
    for (uint32_t i = 0; i < graph->atom_count; i++)
        start[node_of(graph, i) + 1]++;
    for (size_t i = 0; i < nodes; i++)
        start[i + 1] += start[i];
    for (uint32_t i = 0; i < graph->atom_count; i++)
        sorted[start[node_of(graph, i)]++] = i;
    memmove(start + 1, start, nodes * sizeof(*start));
    start[0] = 0;
    return sorted;
}

static int make_member_graph(struct graph_work *work, struct member_graph *members, struct shared_error *err)
{
    const struct graph *graph = work->graph;
    size_t nodes = graph->member_count + 1, edges = graph->edge_start[graph->atom_count];
    uint32_t *start = shared_arena_alloc(work->scratch, (nodes + 1) * sizeof(*start));
    uint32_t *last_from = shared_arena_alloc(work->scratch, nodes * sizeof(*last_from));
    members->edge_start = shared_arena_alloc(work->scratch, (nodes + 1) * sizeof(*members->edge_start));
    members->edge_to = shared_arena_alloc(work->scratch, (edges + 1) * sizeof(*members->edge_to));
    uint32_t *sorted = start ? sort_atoms(work, start, nodes) : NULL;
    if (!sorted || !last_from || !members->edge_start || !members->edge_to)
        return graph_no_memory(work, err);
    memset(last_from, 0xff, nodes * sizeof(*last_from));
    uint32_t count = 0;
    for (uint32_t node = 0; node < nodes; node++) {
        members->edge_start[node] = count;
        for (uint32_t i = start[node]; i < start[node + 1]; i++) {
            uint32_t atom = sorted[i];
            for (uint32_t j = graph->edge_start[atom]; j < graph->edge_start[atom + 1]; j++) {
                uint32_t to = node_of(graph, graph->edge_to[j]);
                if (to == node || last_from[to] == node)
                    continue;
                last_from[to] = node;
                members->edge_to[count++] = to;
            }
        }
    }
    members->edge_start[nodes] = count;
    members->nodes = (struct dominator_graph){nodes, members->edge_start, members->edge_to};
    return 0;
}

/* Libraries that are looked at at once, a bit each. */
#define BATCH 64

struct library_search {
    struct graph *graph;
    const struct member_graph *members;
    uint64_t *
        through; /* of each node: the libraries of the batch that all ways to it go through, its own included */
    uint32_t *queue; /* a ring of count nodes */
    bool *queued;
    uint32_t first; /* library of the batch */
};

static uint64_t own_library(const struct library_search *search, uint32_t node)
{
    uint32_t library = search->graph->members[node - 1].library;
    return library >= search->first && library - search->first < BATCH
               ? (uint64_t)1 << (library - search->first)
               : 0;
}

/* Sets only become smaller, each at most BATCH times, so this ends. */
static void find_through(struct library_search *search)
{
    const struct member_graph *members = search->members;
    size_t nodes = members->nodes.count, head = 0, count = 1;
    memset(search->through, 0xff, nodes * sizeof(*search->through));
    memset(search->queued, 0, nodes * sizeof(*search->queued));
    search->through[0] = 0;
    search->queue[0] = 0;
    while (count > 0) {
        uint32_t node = search->queue[head];
        head = head + 1 < nodes ? head + 1 : 0;
        count--;
        search->queued[node] = false;
        for (uint32_t i = members->edge_start[node]; i < members->edge_start[node + 1]; i++) {
            uint32_t to = members->edge_to[i];
            uint64_t through = (search->through[node] | own_library(search, to)) & search->through[to];
            if (to == 0 || through == search->through[to])
                continue;
            search->through[to] = through;
            if (!search->queued[to])
                search->queue[(head + count++) % nodes] = to;
            search->queued[to] = true;
        }
    }
}

/* What would go with a whole library is what can only be come to through it. */
static int retain_libraries(struct graph_work *work, const struct member_graph *members,
                            struct shared_error *err)
{
    struct graph *graph = work->graph;
    size_t nodes = members->nodes.count;
    struct library_search search = {.graph = graph, .members = members};
    search.through = shared_arena_alloc(work->scratch, nodes * sizeof(*search.through));
    search.queue = shared_arena_alloc(work->scratch, nodes * sizeof(*search.queue));
    search.queued = shared_arena_alloc(work->scratch, nodes * sizeof(*search.queued));
    if (!search.through || !search.queue || !search.queued)
        return graph_no_memory(work, err);
    for (; search.first < graph->library_count; search.first += BATCH) {
        find_through(&search);
        for (size_t node = 1; node < nodes; node++)
            for (uint64_t left = search.through[node]; left != 0; left &= left - 1) {
                size_t library = search.first + (unsigned)__builtin_ctzll(left);
                if (library < graph->library_count)
                    graph->libraries[library].retained_bytes += graph->members[node - 1].bytes;
            }
    }
    return 0;
}

static void sum_bytes(struct graph *graph)
{
    for (size_t i = 1; i < graph->atom_count; i++)
        graph->members[graph->atoms[i].member].bytes += graph_atom_bytes(&graph->atoms[i]);
    for (size_t i = 0; i < graph->member_count; i++)
        graph->libraries[graph->members[i].library].bytes += graph->members[i].bytes;
}

int graph_retain_groups(struct graph_work *work, struct shared_error *err)
{
    struct graph *graph = work->graph;
    struct member_graph members;
    sum_bytes(graph);
    int status = make_member_graph(work, &members, err);
    if (status < 0)
        return status;
    size_t nodes = members.nodes.count;
    uint32_t *numbers = shared_arena_alloc(work->scratch, nodes * sizeof(*numbers));
    uint64_t *retained = shared_arena_alloc(work->scratch, nodes * sizeof(*retained));
    if (!numbers || !retained)
        return graph_no_memory(work, err);
    retained[0] = 0;
    for (size_t i = 0; i < graph->member_count; i++)
        retained[i + 1] = graph->members[i].bytes;
    if (dominators_find(&members.nodes, work->scratch, numbers, retained) < 0)
        return graph_no_memory(work, err);
    for (size_t i = 0; i < graph->member_count; i++)
        graph->members[i].retained_bytes = retained[i + 1];
    return retain_libraries(work, &members, err);
}
