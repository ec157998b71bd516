#include "graph/dominators.h"

#include <shared/error.h>

#include <stdbool.h>
#include <string.h>

struct search {
    const struct dominator_graph *graph;
    uint32_t *number; /* of each node in postorder; DOMINATOR_NONE: not reached */
    uint32_t *order;  /* nodes in postorder */
    uint32_t reached;
    uint32_t *into_start, *into; /* edges turned round */
};

static bool allocate(struct search *search, struct shared_arena *scratch, uint32_t **stack, uint32_t **next)
{
    size_t count = search->graph->count, edges = search->graph->edge_start[count];
    search->number = shared_arena_alloc(scratch, count * sizeof(uint32_t));
    search->order = shared_arena_alloc(scratch, count * sizeof(uint32_t));
    search->into_start = shared_arena_alloc(scratch, (count + 1) * sizeof(uint32_t));
    search->into = shared_arena_alloc(scratch, (edges + 1) * sizeof(uint32_t));
    *stack = shared_arena_alloc(scratch, count * sizeof(uint32_t));
    *next = shared_arena_alloc(scratch, count * sizeof(uint32_t));
    return search->number && search->order && search->into_start && search->into && *stack && *next;
}

/* Depth first, without recursion: a chain of calls may be as long as the program has functions. */
static void number_nodes(struct search *search, uint32_t *stack, uint32_t *next)
{
    const struct dominator_graph *graph = search->graph;
    size_t depth = 0;
    memset(search->number, 0xff, graph->count * sizeof(uint32_t));
    memcpy(next, graph->edge_start, graph->count * sizeof(uint32_t));
    stack[depth++] = 0;
    search->number[0] = DOMINATOR_NONE - 1; /* being visited */
    while (depth > 0) {
        uint32_t node = stack[depth - 1];
        if (next[node] == graph->edge_start[node + 1]) {
            search->number[node] = search->reached;
            search->order[search->reached++] = node;
            depth--;
            continue;
        }
        uint32_t to = graph->edge_to[next[node]++];
        if (search->number[to] == DOMINATOR_NONE) {
            search->number[to] = DOMINATOR_NONE - 1;
            stack[depth++] = to;
        }
    }
}

static void turn_edges(struct search *search)
{
    const struct dominator_graph *graph = search->graph;
    size_t count = graph->count;
    memset(search->into_start, 0, (count + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < graph->edge_start[count]; i++)
        search->into_start[graph->edge_to[i] + 1]++;
    for (size_t i = 0; i < count; i++)
        search->into_start[i + 1] += search->into_start[i];
    for (uint32_t node = 0; node < count; node++)
        for (uint32_t i = graph->edge_start[node]; i < graph->edge_start[node + 1]; i++)
            search->into[search->into_start[graph->edge_to[i]]++] = node;
    memmove(search->into_start + 1, search->into_start, count * sizeof(uint32_t));
    search->into_start[0] = 0;
}

static uint32_t meet(const struct search *search, const uint32_t *dominator, uint32_t a, uint32_t b)
{
    while (a != b) {
        while (search->number[a] < search->number[b])
            a = dominator[a];
        while (search->number[b] < search->number[a])
            b = dominator[b];
    }
    return a;
}

/* One pass over all nodes, the root's side first. Returns whether something changed. */
static bool improve(const struct search *search, uint32_t *dominator)
{
    bool changed = false;
    for (uint32_t i = search->reached - 1; i-- > 0;) {
        uint32_t node = search->order[i], best = DOMINATOR_NONE;
        for (uint32_t j = search->into_start[node]; j < search->into_start[node + 1]; j++) {
            uint32_t from = search->into[j];
            if (search->number[from] == DOMINATOR_NONE || dominator[from] == DOMINATOR_NONE)
                continue;
            best = best == DOMINATOR_NONE ? from : meet(search, dominator, from, best);
        }
        if (dominator[node] != best) {
            dominator[node] = best;
            changed = true;
        }
    }
    return changed;
}

int dominators_find(const struct dominator_graph *graph, struct shared_arena *scratch, uint32_t *dominator,
                    uint64_t *weight)
{
    struct search search = {.graph = graph};
    uint32_t *stack, *next;
    if (!allocate(&search, scratch, &stack, &next))
        return SHARED_ENOMEM;
    number_nodes(&search, stack, next);
    turn_edges(&search);
    memset(dominator, 0xff, graph->count * sizeof(*dominator));
    dominator[0] = 0; /* while looking, so that every way ends there */
    while (improve(&search, dominator))
        ;
    dominator[0] = DOMINATOR_NONE;
    for (uint32_t i = 0; i + 1 < search.reached; i++) {
        uint32_t node = search.order[i];
        weight[dominator[node]] += weight[node];
    }
    return 0;
}
