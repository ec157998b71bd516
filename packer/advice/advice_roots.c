#include "advice/advice_inner.h"

#include "base/cleanup.h"

#include <string.h>

/*
 * Borders: code of one library that one symbol of another alone refers to, or one of the function's own
 * code. What glibc does within itself is nobody's to change; what main calls, and what keeps more than
 * half of the program, is what the program is for.
 */
#define MOST_SHARE 2 /* one of so many parts of the program */

/* A border that keeps nearly all of what one above it keeps tells nothing new. */
#define SAME_PERCENT 95

struct roots {
    const struct graph *graph;
    uint64_t *zip;       /* of each atom and all that it dominates */
    uint32_t *referrers; /* how many refer to each, but for what it dominates itself */
    uint64_t least, most;
};

/* Sums over the tree of dominators, the deepest first. */
static int sum_zip(struct roots *roots, struct shared_arena *scratch)
{
    const struct graph *graph = roots->graph;
    size_t count = graph->atom_count, placed = 0;
    uint32_t *children = shared_arena_alloc(scratch, count * sizeof(*children));
    uint32_t *order = shared_arena_alloc(scratch, count * sizeof(*order));
    if (!children || !order)
        return SHARED_ENOMEM;
    memset(children, 0, count * sizeof(*children));
    for (size_t i = 0; i < count; i++) {
        roots->zip[i] = graph->atoms[i].deflated_bytes;
        if (graph->atoms[i].dominator != GRAPH_NONE)
            children[graph->atoms[i].dominator]++;
    }
    for (uint32_t i = 0; i < count; i++)
        if (children[i] == 0)
            order[placed++] = i;
    for (size_t i = 0; i < placed; i++) {
        uint32_t above = graph->atoms[order[i]].dominator;
        if (above == GRAPH_NONE)
            continue;
        roots->zip[above] += roots->zip[order[i]];
        if (--children[above] == 0)
            order[placed++] = above;
    }
    return 0;
}

/*
 * Whether all chains to an atom go through another. Chains of dominators are as long as the calls are
 * deep.
 */
static bool is_dominated(const struct graph *graph, uint32_t atom, uint32_t by)
{
    while (atom != GRAPH_NONE && atom != by)
        atom = graph->atoms[atom].dominator;
    return atom == by;
}

/* An atom with one referrer but for those that it dominates has that for a dominator. */
static void count_referrers(struct roots *roots)
{
    const struct graph *graph = roots->graph;
    memset(roots->referrers, 0, graph->atom_count * sizeof(*roots->referrers));
    for (uint32_t from = 0; from < graph->atom_count; from++)
        for (uint32_t i = graph->edge_start[from]; i < graph->edge_start[from + 1]; i++) {
            uint32_t to = graph->edge_to[i];
            bool large = graph->atoms[to].retained_bytes >= roots->least;
            roots->referrers[to] += large && roots->referrers[to] < 2 && !is_dominated(graph, from, to);
        }
}

static bool is_system(const char *library)
{
    return strcmp(library, "libc") == 0 || strcmp(library, "linker") == 0;
}

static bool is_border(const struct roots *roots, uint32_t index)
{
    const struct graph *graph = roots->graph;
    const struct graph_atom *atom = &graph->atoms[index];
    if (atom->kept != GRAPH_REACHED || !atom->named || !atom->code || roots->referrers[index] != 1 ||
        atom->dominator == GRAPH_NONE || atom->dominator == GRAPH_ROOT ||
        atom->retained_bytes < roots->least || atom->retained_bytes > roots->most)
        return false;
    const struct graph_atom *above = &graph->atoms[atom->dominator];
    if (!above->named || strcmp(graph_text(graph, above->name), "main") == 0)
        return false;
    const char *from = advice_library(graph, atom->dominator), *own = advice_library(graph, index);
    return !is_system(from) && strcmp(from, own) != 0 && strcmp(own, "linker") != 0;
}

/* Whether a border above it keeps hardly more. */
static bool is_told(const struct roots *roots, uint32_t index)
{
    const struct graph *graph = roots->graph;
    for (uint32_t above = graph->atoms[index].dominator; above != GRAPH_NONE && above != GRAPH_ROOT;
         above = graph->atoms[above].dominator)
        if (is_border(roots, above) &&
            graph->atoms[index].retained_bytes * 100 >= graph->atoms[above].retained_bytes * SAME_PERCENT)
            return true;
    return false;
}

int advice_roots(struct advice_work *work, const struct advice_program *program, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const struct graph *graph = program->graph;
    struct roots roots = {
        .graph = graph,
        .zip = shared_arena_alloc(&scratch, graph->atom_count * sizeof(*roots.zip)),
        .referrers = shared_arena_alloc(&scratch, graph->atom_count * sizeof(*roots.referrers)),
        .least = ADVICE_LEAST_BYTES,
        .most = graph->file_bytes / MOST_SHARE,
    };
    if (!roots.zip || !roots.referrers || sum_zip(&roots, &scratch) < 0)
        return advice_no_memory(err);
    count_referrers(&roots);
    int status = 0;
    for (uint32_t i = 1; status == 0 && i < graph->atom_count; i++) {
        if (!is_border(&roots, i) || is_told(&roots, i))
            continue;
        const struct advice advice = {
            .kind = ADVICE_ROOT,
            .subject = graph_text(graph, graph->atoms[i].name),
            .library = advice_library(graph, i),
            .from = graph_text(graph, graph->atoms[graph->atoms[i].dominator].name),
            .from_library = advice_library(graph, graph->atoms[i].dominator),
            .gain = {graph->atoms[i].retained_bytes, roots.zip[i]},
        };
        status = advice_add(work, &advice, program->function->name, err);
    }
    return status;
}
