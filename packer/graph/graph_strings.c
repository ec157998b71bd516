#include "graph/graph_inner.h"

#include <string.h>

/*
 * Linkers put strings and constants that are the same together, and their maps name the first input that had them, or
 * none: those that no symbol names belong to what refers to them first on the way from the root.
 */

static bool holds(const char *name, const char *part)
{
    return strstr(name, part) != NULL;
}

static bool is_merged(const struct graph *graph, const struct graph_atom *atom)
{
    const char *section = graph_text(graph, atom->section);
    if (atom->parent == GRAPH_NONE || atom->kept == GRAPH_UNKNOWN)
        return false;
    return atom->member == 0 || (!atom->named && atom->kept == GRAPH_REACHED &&
                                 (holds(section, ".str1.") || holds(section, ".str4.") ||
                                  holds(section, ".str8.") || holds(section, ".cst")));
}

void graph_own_strings(struct graph_work *work)
{
    struct graph *graph = work->graph;
    for (size_t i = 1; i < graph->atom_count; i++) {
        struct graph_atom *atom = &graph->atoms[i];
        if (!is_merged(graph, atom))
            continue;
        uint32_t owner = atom->parent;
        while (owner != GRAPH_ROOT && is_merged(graph, &graph->atoms[owner]))
            owner = graph->atoms[owner].parent;
        if (owner != GRAPH_ROOT)
            atom->member = graph->atoms[owner].member;
    }
}
