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
};

static void come_to(struct reaching *reaching, uint32_t atom, uint32_t parent, enum graph_kept kept)
{
    struct graph_atom *item = &reaching->graph->atoms[atom];
    reaching->seen[atom] = true;
    reaching->queue[reaching->tail++] = atom;
    item->parent = parent;
    item->kept = (uint8_t)kept;
    if (item->run != GRAPH_NONE && reaching->first_of_run[item->run] == GRAPH_NONE)
        reaching->first_of_run[item->run] = atom;
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

/* Atoms of a run that was come to stay with it. Following them may lead to other runs: until nothing is new. Strings
 * that the linker merged into one run have nothing to do with one another: each waits for what refers to it. */
static int follow_sections(struct reaching *reaching, bool merged, struct shared_error *err)
{
    struct graph *graph = reaching->graph;
    size_t before;
    do {
        before = reaching->tail;
        for (uint32_t atom = 1; atom < graph->atom_count; atom++) {
            uint32_t first =
                reaching->seen[atom] ? GRAPH_NONE : reaching->first_of_run[graph->atoms[atom].run];
            if (first == GRAPH_NONE || (graph->atoms[atom].member == 0 && !merged))
                continue;
            int status = graph_add_edge(reaching->work, first, atom, err);
            if (status < 0)
                return status;
            come_to(reaching, atom, first, GRAPH_SECTION);
        }
        follow(reaching, GRAPH_SECTION);
    } while (reaching->tail > before);
    return 0;
}

static int follow_unknown(struct reaching *reaching, struct shared_error *err)
{
    const struct graph *graph = reaching->graph;
    for (uint32_t atom = 1; atom < graph->atom_count; atom++) {
        if (reaching->seen[atom] || graph->atoms[atom].member == 0)
            continue;
        int status = graph_add_edge(reaching->work, GRAPH_ROOT, atom, err);
        if (status < 0)
            return status;
        come_to(reaching, atom, GRAPH_ROOT, GRAPH_UNKNOWN);
        follow(reaching, GRAPH_UNKNOWN);
        status = follow_sections(reaching, false, err);
        if (status < 0)
            return status;
    }
    return follow_sections(reaching, true, err);
}

/* What is left is merged strings of runs that nothing was seen to refer to. */
static int hang_on_root(struct reaching *reaching, struct shared_error *err)
{
    int status = 0;
    for (uint32_t atom = 1; status == 0 && atom < reaching->graph->atom_count; atom++)
        if (!reaching->seen[atom]) {
            status = graph_add_edge(reaching->work, GRAPH_ROOT, atom, err);
            come_to(reaching, atom, GRAPH_ROOT, GRAPH_UNKNOWN);
        }
    return status;
}

int graph_reach(struct graph_work *work, struct shared_error *err)
{
    struct graph *graph = work->graph;
    size_t runs = work->layout->runs.count;
    struct reaching reaching = {.work = work, .graph = graph};
    reaching.queue = shared_arena_alloc(work->scratch, graph->atom_count * sizeof(*reaching.queue));
    reaching.seen = shared_arena_alloc(work->scratch, graph->atom_count * sizeof(*reaching.seen));
    reaching.first_of_run = shared_arena_alloc(work->scratch, (runs + 1) * sizeof(*reaching.first_of_run));
    if (!reaching.queue || !reaching.seen || !reaching.first_of_run)
        return graph_no_memory(work, err);
    memset(reaching.seen, 0, graph->atom_count * sizeof(*reaching.seen));
    memset(reaching.first_of_run, 0xff, (runs + 1) * sizeof(*reaching.first_of_run));
    size_t edges = work->edge_count;
    come_to(&reaching, GRAPH_ROOT, GRAPH_NONE, GRAPH_REACHED);
    follow(&reaching, GRAPH_REACHED);
    int status = follow_sections(&reaching, false, err);
    if (status == 0)
        status = follow_unknown(&reaching, err);
    if (status == 0)
        status = hang_on_root(&reaching, err);
    if (status == 0 && work->edge_count > edges)
        status = graph_sort_edges(work, err);
    return status;
}
