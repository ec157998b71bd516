#include "graph/graph_record.h"

#include "base/cleanup.h"

#include <string.h>

/* Whether a place in a list is one, or none where that is allowed. */
static bool is_place(uint32_t place, size_t count, bool may_be_none)
{
    return place < count || (may_be_none && place == GRAPH_NONE);
}

static bool check_groups(const struct graph *graph)
{
    for (size_t i = 0; i < graph->library_count; i++)
        if (graph->libraries[i].name >= graph->text_bytes)
            return false;
    for (size_t i = 0; i < graph->member_count; i++) {
        const struct graph_member *member = &graph->members[i];
        if (member->name >= graph->text_bytes || member->archive >= graph->text_bytes ||
            member->extracted_for >= graph->text_bytes || member->library >= graph->library_count ||
            !is_place(member->extracted_by, graph->member_count, true) || member->lto > 1)
            return false;
    }
    return true;
}

/* A truth value that is neither 0 nor 1 must not be looked at as one. */
static bool is_truth(const bool *value)
{
    unsigned char byte;
    memcpy(&byte, value, sizeof(byte));
    return byte <= 1;
}

static bool check_atoms(const struct graph *graph)
{
    for (size_t i = 0; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        if (atom->name >= graph->text_bytes || atom->section >= graph->text_bytes ||
            atom->member >= graph->member_count || atom->kept > GRAPH_UNKNOWN ||
            !is_place(atom->parent, graph->atom_count, i == 0) || (i == 0 && atom->parent != GRAPH_NONE) ||
            !is_place(atom->dominator, graph->atom_count, true) || !is_truth(&atom->named) ||
            !is_truth(&atom->code) || !is_truth(&atom->zero))
            return false;
    }
    return true;
}

static bool check_edges(const struct graph *graph)
{
    if (graph->edge_start[0] != 0)
        return false;
    for (size_t i = 0; i < graph->atom_count; i++)
        if (graph->edge_start[i] > graph->edge_start[i + 1])
            return false;
    for (size_t i = 0; i < graph->edge_start[graph->atom_count]; i++)
        if (graph->edge_to[i] >= graph->atom_count)
            return false;
    return true;
}

/* Chains end at the root: each atom's is followed up to one whose chain is known to. */
static bool check_chains(const struct graph *graph, bool *ends)
{
    memset(ends, 0, graph->atom_count);
    ends[GRAPH_ROOT] = true;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        size_t steps = 0;
        for (uint32_t at = i; !ends[at]; at = graph->atoms[at].parent)
            if (++steps > graph->atom_count)
                return false;
        for (uint32_t at = i; !ends[at]; at = graph->atoms[at].parent)
            ends[at] = true;
    }
    return true;
}

int graph_check(const struct graph *graph, uint64_t edge_count, bool *sound, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    bool *ends = shared_arena_alloc(&scratch, graph->atom_count);
    if (!ends)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look through a graph");
    *sound = graph->texts[0] == '\0' && graph->texts[graph->text_bytes - 1] == '\0' &&
             graph->edge_start[graph->atom_count] == edge_count && check_groups(graph) &&
             check_atoms(graph) && check_edges(graph) && check_chains(graph, ends);
    return 0;
}
