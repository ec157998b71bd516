#include "graph/dominators.h"

#include <shared/error.h>

#include <stdbool.h>
#include <string.h>

/* Nodes are called by the numbers that a depth-first search gives them, from 0, the root. */
struct search {
    const struct dominator_graph *graph;
    uint32_t *number; /* of each node; DOMINATOR_NONE: not reached */
    uint32_t *node;   /* of each number */
    uint32_t reached;
    uint32_t *parent; /* in the tree of the search */
    uint32_t *semi;   /* semidominator */
    uint32_t *above;  /* towards the root of the forest; DOMINATOR_NONE: a root of it */
    uint32_t *least;  /* of those on the way there, the one with the least semidominator */
    uint32_t *dominator;
    uint32_t *bucket, *next_in_bucket; /* those that a number is the semidominator of */
    uint32_t *into_start, *into;       /* edges turned round, as nodes */
    uint32_t *stack;
};

static bool allocate(struct search *search, struct shared_arena *scratch)
{
    size_t count = search->graph->count, edges = search->graph->edge_start[count];
    uint32_t **arrays[] = {&search->number, &search->node,      &search->parent,    &search->semi,
                           &search->above,  &search->least,     &search->bucket,    &search->next_in_bucket,
                           &search->stack,  &search->dominator, &search->into_start};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        *arrays[i] = shared_arena_alloc(scratch, (count + 1) * sizeof(uint32_t));
        if (!*arrays[i])
            return false;
    }
    search->into = shared_arena_alloc(scratch, (edges + 1) * sizeof(uint32_t));
    return search->into != NULL;
}

static void visit(struct search *search, uint32_t node, uint32_t parent)
{
    search->number[node] = search->reached;
    search->node[search->reached] = node;
    search->parent[search->reached++] = parent;
}

/* Depth first, without recursion: a chain of calls may be as long as the program has functions. */
static void number_nodes(struct search *search)
{
    const struct dominator_graph *graph = search->graph;
    uint32_t *next = search->semi; /* not needed yet */
    size_t depth = 0;
    memset(search->number, 0xff, graph->count * sizeof(uint32_t));
    memcpy(next, graph->edge_start, graph->count * sizeof(uint32_t));
    visit(search, 0, 0);
    search->stack[depth++] = 0;
    while (depth > 0) {
        uint32_t node = search->stack[depth - 1];
        if (next[node] == graph->edge_start[node + 1]) {
            depth--;
            continue;
        }
        uint32_t to = graph->edge_to[next[node]++];
        if (search->number[to] == DOMINATOR_NONE) {
            visit(search, to, search->number[node]);
            search->stack[depth++] = to;
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

/* "EVAL": of those between a number and its forest's root the one with the least semidominator. The way is made short
 * as it is gone (COMPRESS), from its far end. */
static uint32_t evaluate(struct search *search, uint32_t number)
{
    uint32_t *above = search->above, *least = search->least;
    size_t depth = 0;
    if (above[number] == DOMINATOR_NONE)
        return number;
    for (uint32_t at = number; above[above[at]] != DOMINATOR_NONE; at = above[at])
        search->stack[depth++] = at;
    while (depth > 0) {
        uint32_t at = search->stack[--depth];
        if (search->semi[least[above[at]]] < search->semi[least[at]])
            least[at] = least[above[at]];
        above[at] = above[above[at]];
    }
    return least[number];
}

/* The dominator of each number that has this one's parent as its semidominator, or one that it shares it with. */
static void empty_bucket(struct search *search, uint32_t parent)
{
    for (uint32_t i = search->bucket[parent]; i != DOMINATOR_NONE; i = search->next_in_bucket[i]) {
        uint32_t least = evaluate(search, i);
        search->dominator[i] = search->semi[least] < search->semi[i] ? least : parent;
    }
    search->bucket[parent] = DOMINATOR_NONE;
}

static void find(struct search *search)
{
    for (uint32_t i = 0; i < search->reached; i++) {
        search->semi[i] = search->least[i] = i;
        search->above[i] = search->bucket[i] = DOMINATOR_NONE;
    }
    for (uint32_t i = search->reached; i-- > 1;) {
        uint32_t node = search->node[i];
        for (uint32_t j = search->into_start[node]; j < search->into_start[node + 1]; j++) {
            uint32_t from = search->number[search->into[j]];
            if (from == DOMINATOR_NONE)
                continue;
            uint32_t least = evaluate(search, from);
            if (search->semi[least] < search->semi[i])
                search->semi[i] = search->semi[least];
        }
        search->next_in_bucket[i] = search->bucket[search->semi[i]];
        search->bucket[search->semi[i]] = i;
        search->above[i] = search->parent[i];
        empty_bucket(search, search->parent[i]);
    }
    for (uint32_t i = 1; i < search->reached; i++)
        if (search->dominator[i] != search->semi[i])
            search->dominator[i] = search->dominator[search->dominator[i]];
}

int dominators_find(const struct dominator_graph *graph, struct shared_arena *scratch, uint32_t *dominator,
                    uint64_t *weight)
{
    struct search search = {.graph = graph};
    if (!allocate(&search, scratch))
        return SHARED_ENOMEM;
    number_nodes(&search);
    turn_edges(&search);
    find(&search);
    memset(dominator, 0xff, graph->count * sizeof(*dominator));
    for (uint32_t i = search.reached; i-- > 1;) {
        uint32_t node = search.node[i];
        dominator[node] = search.node[search.dominator[i]];
        weight[dominator[node]] += weight[node];
    }
    return 0;
}
