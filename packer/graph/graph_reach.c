#include "graph/graph_inner.h"

#include <string.h>

/* Atoms in the order in which they are come to, nearest to the root first. */
struct reaching {
    struct graph_work *work;
    struct graph *graph;
    uint32_t *queue;
    size_t head, tail;
    bool *seen;
    uint32_t *first_of_run; /* the first atom of each run that was come to; GRAPH_NONE */
    uint32_t *runs;         /* in the order in which they were come to */
    size_t run_head, run_tail;
    struct shared_error *err;
};

static void come_to(struct reaching *reaching, uint32_t atom, uint32_t parent, enum graph_kept kept)
{
    struct graph_atom *item = &reaching->graph->atoms[atom];
    reaching->seen[atom] = true;
    reaching->queue[reaching->tail++] = atom;
    item->parent = parent;
    item->kept = (uint8_t)kept;
    if (item->run != GRAPH_NONE && reaching->first_of_run[item->run] == GRAPH_NONE) {
        reaching->first_of_run[item->run] = atom;
        reaching->runs[reaching->run_tail++] = item->run;
    }
}

static void follow(struct reaching *reaching, enum graph_kept kept)
{
    const struct graph *graph = reaching->graph;
    while (reaching->head < reaching->tail) {
        uint32_t from = reaching->queue[reaching->head++];
        for (uint32_t i = graph->edge_start[from]; i < graph->edge_start[from + 1]; i++)
            if (!reaching->seen[graph->edge_to[i]])
                come_to(reaching, graph->edge_to[i], from, kept);
    }
}

/* An atom that no reference leads to, but to which the linker's rules do; and what follows from it. */
static int come_by_rule(struct reaching *reaching, uint32_t atom, uint32_t parent, enum graph_kept kept)
{
    int status = graph_add_edge(reaching->work, parent, atom, reaching->err);
    if (status == 0) {
        come_to(reaching, atom, parent, kept);
        follow(reaching, kept);
    }
    return status;
}

/* Atoms of a run that was come to stay with it. Strings that the linker merged into one run have nothing to do with one
 * another: each waits for what refers to it. */
static int follow_runs(struct reaching *reaching)
{
    const struct graph_work *work = reaching->work;
    int status = 0;
    while (status == 0 && reaching->run_head < reaching->run_tail) {
        uint32_t run = reaching->runs[reaching->run_head++];
        if (work->member_of[run] == 0)
            continue;
        for (uint32_t atom = work->first_atom[run]; status == 0 && atom < work->first_atom[run + 1]; atom++)
            if (!reaching->seen[atom])
                status = come_by_rule(reaching, atom, reaching->first_of_run[run], GRAPH_SECTION);
    }
    return status;
}

/* Runs that the linker kept and nothing was seen to refer to: something may have referred to their ends. */
static int follow_ends(struct reaching *reaching)
{
    const struct graph_work *work = reaching->work;
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->end_count; i++) {
        uint32_t from = graph_atom_at(work, work->ends[i].from), to = graph_atom_at(work, work->ends[i].to);
        if (from == GRAPH_NONE || to == GRAPH_NONE || !reaching->seen[from] || reaching->seen[to] ||
            reaching->first_of_run[work->graph->atoms[to].run] != GRAPH_NONE ||
            work->graph->atoms[from].member != work->graph->atoms[to].member)
            continue;
        status = come_by_rule(reaching, to, from, (enum graph_kept)work->graph->atoms[from].kept);
    }
    return status < 0 ? status : follow_runs(reaching);
}

/* Runs that the linker kept for their sections' name, or for a flag that it does not pass on. */
static int follow_identifiers(struct reaching *reaching)
{
    const struct graph_work *work = reaching->work;
    int status = 0;
    for (uint32_t run = 0; status == 0 && run < work->layout->runs.count; run++) {
        if (reaching->first_of_run[run] != GRAPH_NONE ||
            !graph_is_identifier(graph_run_piece(work, run)->name))
            continue;
        for (uint32_t atom = work->first_atom[run]; status == 0 && atom < work->first_atom[run + 1]; atom++)
            if (!reaching->seen[atom])
                status = come_by_rule(reaching, atom, GRAPH_ROOT, GRAPH_REACHED);
    }
    return status < 0 ? status : follow_runs(reaching);
}

static int follow_unknown(struct reaching *reaching)
{
    const struct graph *graph = reaching->graph;
    int status = 0;
    for (uint32_t atom = 1; status == 0 && atom < graph->atom_count; atom++) {
        if (reaching->seen[atom] || graph->atoms[atom].member == 0)
            continue;
        status = come_by_rule(reaching, atom, GRAPH_ROOT, GRAPH_UNKNOWN);
        if (status == 0)
            status = follow_runs(reaching);
    }
    return status;
}

/* What is left is merged strings: those of a run that others are referred to of, and those of runs that none is. */
static int follow_merged(struct reaching *reaching)
{
    int status = 0;
    for (uint32_t atom = 1; status == 0 && atom < reaching->graph->atom_count; atom++) {
        if (reaching->seen[atom])
            continue;
        uint32_t first = reaching->first_of_run[reaching->graph->atoms[atom].run];
        status = first == GRAPH_NONE ? come_by_rule(reaching, atom, GRAPH_ROOT, GRAPH_UNKNOWN)
                                     : come_by_rule(reaching, atom, first, GRAPH_SECTION);
    }
    return status;
}

static int allocate(struct reaching *reaching, const struct graph_work *work)
{
    size_t atoms = work->graph->atom_count, runs = work->layout->runs.count;
    reaching->queue = shared_arena_alloc(work->scratch, atoms * sizeof(*reaching->queue));
    reaching->seen = shared_arena_alloc(work->scratch, atoms * sizeof(*reaching->seen));
    reaching->first_of_run = shared_arena_alloc(work->scratch, (runs + 1) * sizeof(*reaching->first_of_run));
    reaching->runs = shared_arena_alloc(work->scratch, (runs + 1) * sizeof(*reaching->runs));
    if (!reaching->queue || !reaching->seen || !reaching->first_of_run || !reaching->runs)
        return graph_no_memory(work, reaching->err);
    memset(reaching->seen, 0, atoms * sizeof(*reaching->seen));
    memset(reaching->first_of_run, 0xff, (runs + 1) * sizeof(*reaching->first_of_run));
    return 0;
}

int graph_reach(struct graph_work *work, struct shared_error *err)
{
    struct reaching reaching = {.work = work, .graph = work->graph, .err = err};
    int status = allocate(&reaching, work);
    if (status < 0)
        return status;
    come_to(&reaching, GRAPH_ROOT, GRAPH_NONE, GRAPH_REACHED);
    follow(&reaching, GRAPH_REACHED);
    status = follow_runs(&reaching);
    if (status == 0)
        status = follow_ends(&reaching);
    if (status == 0)
        status = follow_identifiers(&reaching);
    if (status == 0)
        status = follow_unknown(&reaching);
    return status < 0 ? status : follow_merged(&reaching);
}
