/* Dominators of graphs made at random, and what goes with groups of nodes, against what leaving each out shows. */
#include "check.h"

#include "graph/dominators.h"
#include "graph/graph_inner.h"

#include <stdlib.h>

#define NODES 40
#define EDGES 160

struct random_graph {
    size_t count, edge_count;
    uint32_t start[NODES + 1], to[EDGES];
};

static uint32_t seed = 1;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

static void make(struct random_graph *graph, size_t nodes, size_t edges)
{
    *graph = (struct random_graph){.count = nodes};
    for (uint32_t node = 0; node < nodes; node++) {
        graph->start[node] = (uint32_t)graph->edge_count;
        size_t own = edges / nodes + random_below(3);
        for (size_t i = 0; i < own && graph->edge_count < EDGES; i++)
            graph->to[graph->edge_count++] = random_below((uint32_t)nodes);
    }
    graph->start[nodes] = (uint32_t)graph->edge_count;
}

/* Which nodes can be come to from the root without one; NODES: with all. */
static void reach(const struct random_graph *graph, uint32_t without, bool *seen)
{
    uint32_t stack[NODES];
    size_t depth = 0;
    memset(seen, 0, NODES * sizeof(*seen));
    if (without == 0)
        return;
    seen[0] = true;
    stack[depth++] = 0;
    while (depth > 0) {
        uint32_t node = stack[--depth];
        for (uint32_t i = graph->start[node]; i < graph->start[node + 1]; i++) {
            uint32_t to = graph->to[i];
            if (to == without || seen[to])
                continue;
            seen[to] = true;
            stack[depth++] = to;
        }
    }
}

/* The immediate dominator of a node is, of those without which it cannot be come to, the one that all others of them
 * dominate; a node's weight is that of what cannot be come to without it. */
static void check_graph(const struct random_graph *graph)
{
    struct shared_arena arena = {0};
    const struct dominator_graph nodes = {graph->count, graph->start, graph->to};
    uint32_t dominator[NODES];
    uint64_t weight[NODES], own[NODES];
    bool all[NODES], needed[NODES][NODES] = {{false}}; /* needed[a][b]: a dominates b */
    for (size_t i = 0; i < graph->count; i++)
        weight[i] = own[i] = 1 + random_below(1000);
    CHECK(dominators_find(&nodes, &arena, dominator, weight) == 0);
    reach(graph, NODES, all);
    for (uint32_t a = 0; a < graph->count; a++) {
        bool seen[NODES];
        uint64_t lost = 0;
        reach(graph, a, seen);
        for (size_t b = 0; b < graph->count; b++) {
            needed[a][b] = all[a] && all[b] && !seen[b];
            lost += needed[a][b] ? own[b] : 0;
        }
        CHECK_NUMBER(weight[a], all[a] ? lost : own[a]);
    }
    CHECK(dominator[0] == DOMINATOR_NONE);
    for (uint32_t b = 1; b < graph->count; b++) {
        CHECK((dominator[b] == DOMINATOR_NONE) == !all[b]);
        if (!all[b])
            continue;
        CHECK(dominator[b] != b && needed[dominator[b]][b]);
        for (uint32_t a = 0; a < graph->count; a++)
            CHECK(a == b || !needed[a][b] || a == dominator[b] || needed[a][dominator[b]]);
    }
    shared_arena_clean_up(&arena);
}

static void test_random(void)
{
    struct random_graph graph;
    for (int i = 0; i < 3000; i++) {
        make(&graph, 1 + random_below(NODES), random_below(EDGES));
        check_graph(&graph);
    }
}

/* More groups than are looked at at once. */
enum { MEMBERS = 600, LIBRARIES = 3 };

static uint32_t group_of(const struct graph *graph, size_t atom, bool library)
{
    uint32_t member = graph->atoms[atom].member;
    return library ? graph->members[member].library : member;
}

/* Bytes of what cannot be come to from the root over atoms of other groups; there is no other way to find them. */
static uint64_t lost_without(const struct graph *graph, uint32_t group, bool library, const bool *all)
{
    uint32_t stack[NODES];
    bool seen[NODES] = {true};
    size_t depth = 1;
    uint64_t lost = 0;
    stack[0] = GRAPH_ROOT;
    while (depth > 0) {
        uint32_t atom = stack[--depth];
        for (uint32_t i = graph->edge_start[atom]; i < graph->edge_start[atom + 1]; i++) {
            uint32_t to = graph->edge_to[i];
            if (seen[to] || group_of(graph, to, library) == group)
                continue;
            seen[to] = true;
            stack[depth++] = to;
        }
    }
    for (size_t i = 1; i < graph->atom_count; i++)
        lost += all[i] && !seen[i] ? graph->atoms[i].size_bytes : 0;
    return lost;
}

static void check_groups(struct random_graph *nodes)
{
    static struct graph_member members[MEMBERS];
    struct graph_library libraries[LIBRARIES] = {{0}};
    struct graph_atom atoms[NODES] = {{0}};
    struct graph graph = {.libraries = libraries,
                          .library_count = LIBRARIES,
                          .members = members,
                          .member_count = MEMBERS,
                          .atoms = atoms,
                          .atom_count = nodes->count,
                          .edge_start = nodes->start,
                          .edge_to = nodes->to};
    bool all[NODES];
    uint32_t few = 1 + random_below(12); /* members that have atoms */
    for (uint32_t i = 0; i < MEMBERS; i++)
        members[i] = (struct graph_member){.library = random_below(LIBRARIES)};
    for (size_t i = 1; i < nodes->count; i++) {
        atoms[i].size_bytes = 1 + random_below(1000);
        atoms[i].member = MEMBERS - 1 - random_below(few) * 49;
    }
    reach(nodes, NODES, all);
    CHECK(graph_retain_groups(&graph) == 0);
    for (uint32_t i = 0; i < MEMBERS; i++)
        CHECK_NUMBER(members[i].retained_bytes, lost_without(&graph, i, false, all));
    for (uint32_t i = 0; i < LIBRARIES; i++)
        CHECK_NUMBER(libraries[i].retained_bytes, lost_without(&graph, i, true, all));
}

static void test_groups(void)
{
    struct random_graph graph;
    for (int i = 0; i < 300; i++) {
        make(&graph, 1 + random_below(NODES), random_below(EDGES));
        check_groups(&graph);
    }
}

/* A chain with edges back and across, over which simpler ways to find dominators go again and again. */
static void test_long(void)
{
    enum { LONG = 300000 };
    struct shared_arena arena = {0};
    uint32_t *start = shared_arena_alloc(&arena, (LONG + 1) * sizeof(*start));
    uint32_t *to = shared_arena_alloc(&arena, 3 * LONG * sizeof(*to));
    uint32_t *dominator = shared_arena_alloc(&arena, LONG * sizeof(*dominator));
    uint64_t *weight = shared_arena_alloc(&arena, LONG * sizeof(*weight));
    uint32_t edges = 0;
    if (!CHECK(start && to && dominator && weight))
        return;
    for (uint32_t i = 0; i < LONG; i++) {
        start[i] = edges;
        weight[i] = 1;
        if (i + 1 < LONG)
            to[edges++] = i + 1;
        to[edges++] = i / 2;
        if (i + 2 < LONG)
            to[edges++] = i + 2;
    }
    start[LONG] = edges;
    const struct dominator_graph graph = {LONG, start, to};
    CHECK(dominators_find(&graph, &arena, dominator, weight) == 0);
    CHECK_NUMBER(weight[0], LONG);
    CHECK_NUMBER(dominator[LONG - 1], 0);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_random);
    CHECK_RUN(test_groups);
    CHECK_RUN(test_long);
    return check_report();
}
