#include "base/cleanup.h"
#include "graph/graph_inner.h"

#include <string.h>

/*
 * What would go with a whole member, or a whole library, is what can only be come to through it. Such a group is many
 * atoms, each of which may be passed by: no tree of dominators has it. So each atom has the set of the groups that all
 * ways to it go through: its own, and those that all atoms which refer to it have in common.
 */

/* Groups that are looked at at once, a bit each: as many as a line of the cache has. */
#define WORDS 8
#define BATCH (64 * WORDS)

struct group_set {
    uint64_t words[WORDS];
};

/* EMPTY: no group is left in the set, which is as small as it can be. */
enum state { NOT_REACHED, WAITING, LOOKED_AT, EMPTY };

struct group_search {
    const struct graph *graph;
    struct group_set *through; /* of each atom: the groups of the batch */
    uint32_t *queue;           /* a ring of atom_count */
    uint8_t *state;
    size_t first; /* group of the batch: members, and the libraries behind them */
};

static void add_group(const struct group_search *search, size_t group, struct group_set *set)
{
    if (group >= search->first && group - search->first < BATCH)
        set->words[(group - search->first) / 64] |= (uint64_t)1 << ((group - search->first) % 64);
}

/* Leaves in the set of an atom what comes to it over a reference, too. Returns its state if that changed it, or 0. */
static enum state narrow(const struct group_search *search, struct group_set through, uint32_t to)
{
    const struct graph *graph = search->graph;
    uint32_t member = graph->atoms[to].member;
    struct group_set *set = &search->through[to];
    uint64_t changed = search->state[to] == NOT_REACHED, rest = 0;
    add_group(search, member, &through);
    add_group(search, graph->member_count + graph->members[member].library, &through);
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t left = set->words[i] & through.words[i];
        changed |= left ^ set->words[i];
        rest |= left;
        set->words[i] = left;
    }
    return changed == 0 ? NOT_REACHED : rest == 0 ? EMPTY : WAITING;
}

/* Sets only become smaller, each at most BATCH times, so this ends; most are empty from the first look on. */
static void find_through(const struct group_search *search)
{
    const struct graph *graph = search->graph;
    size_t atoms = graph->atom_count, head = 0, count = 1;
    memset(search->through, 0xff, atoms * sizeof(*search->through));
    memset(search->state, NOT_REACHED, atoms * sizeof(*search->state));
    search->through[GRAPH_ROOT] = (struct group_set){0};
    search->state[GRAPH_ROOT] = EMPTY;
    search->queue[0] = GRAPH_ROOT;
    while (count > 0) {
        uint32_t atom = search->queue[head];
        head = head + 1 < atoms ? head + 1 : 0;
        count--;
        if (search->state[atom] == WAITING)
            search->state[atom] = LOOKED_AT;
        for (uint32_t i = graph->edge_start[atom]; i < graph->edge_start[atom + 1]; i++) {
            uint32_t to = graph->edge_to[i];
            enum state was = search->state[to];
            enum state is = was == EMPTY ? NOT_REACHED : narrow(search, search->through[atom], to);
            if (is == NOT_REACHED)
                continue;
            if (was != WAITING)
                search->queue[(head + count++) % atoms] = to;
            search->state[to] = is;
        }
    }
}

static void add_bytes(const struct group_search *search, uint64_t *retained)
{
    for (size_t i = 1; i < search->graph->atom_count; i++) {
        uint64_t bytes = graph_atom_bytes(&search->graph->atoms[i]);
        for (size_t word = 0; search->state[i] != NOT_REACHED && word < WORDS; word++)
            for (uint64_t left = search->through[i].words[word]; left != 0; left &= left - 1)
                retained[search->first + word * 64 + (unsigned)__builtin_ctzll(left)] += bytes;
    }
}

static void sum_bytes(struct graph *graph)
{
    for (size_t i = 1; i < graph->atom_count; i++)
        graph->members[graph->atoms[i].member].bytes += graph_atom_bytes(&graph->atoms[i]);
    for (size_t i = 0; i < graph->member_count; i++)
        graph->libraries[graph->members[i].library].bytes += graph->members[i].bytes;
}

int graph_retain_groups(struct graph *graph)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    size_t atoms = graph->atom_count, groups = graph->member_count + graph->library_count;
    struct group_search search = {.graph = graph};
    search.through = shared_arena_alloc(&scratch, atoms * sizeof(*search.through));
    search.queue = shared_arena_alloc(&scratch, atoms * sizeof(*search.queue));
    search.state = shared_arena_alloc(&scratch, atoms * sizeof(*search.state));
    uint64_t *retained = shared_arena_alloc(&scratch, groups * sizeof(*retained));
    if (!search.through || !search.queue || !search.state || !retained)
        return SHARED_ENOMEM;
    sum_bytes(graph);
    memset(retained, 0, groups * sizeof(*retained));
    for (; search.first < groups; search.first += BATCH) {
        find_through(&search);
        add_bytes(&search, retained);
    }
    for (size_t i = 0; i < graph->member_count; i++)
        graph->members[i].retained_bytes = retained[i];
    for (size_t i = 0; i < graph->library_count; i++)
        graph->libraries[i].retained_bytes = retained[graph->member_count + i];
    return 0;
}
