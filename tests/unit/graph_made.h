/* graph_made.h - graphs made by hand, for the tests of what reads them. */
#ifndef TESTS_GRAPH_MADE_H
#define TESTS_GRAPH_MADE_H

#include "check.h"

#include "graph/graph.h"

#include <stdlib.h>

#define MADE_MOST 64

/* A graph with room for some; {0} is to be begun by made_begin. */
struct made {
    struct graph graph;
    struct graph_library libraries[8];
    struct graph_member members[16];
    struct graph_atom atoms[MADE_MOST];
    uint32_t edge_start[MADE_MOST + 1], edge_to[4 * MADE_MOST];
    struct {
        uint32_t from, to;
    } edges[4 * MADE_MOST];
    size_t edge_count;
    char texts[4096];
};

static inline uint32_t made_text(struct made *made, const char *text)
{
    uint32_t at = (uint32_t)made->graph.text_bytes;
    memcpy(made->texts + at, text, strlen(text) + 1);
    made->graph.text_bytes += strlen(text) + 1;
    return at;
}

/* Library and member 0 are the linker's, atom 0 is the root. */
static inline void made_begin(struct made *made)
{
    memset(made, 0, sizeof(*made));
    made->graph = (struct graph){.libraries = made->libraries,
                                 .library_count = 1,
                                 .members = made->members,
                                 .member_count = 1,
                                 .atoms = made->atoms,
                                 .atom_count = 1,
                                 .edge_start = made->edge_start,
                                 .edge_to = made->edge_to,
                                 .texts = made->texts};
    made_text(made, "");
    made->libraries[0].name = made_text(made, "linker");
    made->members[0] = (struct graph_member){.name = made->libraries[0].name, .extracted_by = GRAPH_NONE};
    made->atoms[0].parent = made->atoms[0].dominator = GRAPH_NONE;
}

/* A member; archive NULL: an object. The library is found by its name, or new. */
static inline uint32_t made_member(struct made *made, const char *library, const char *archive,
                                   const char *name)
{
    struct graph *graph = &made->graph;
    uint32_t index = 0;
    while (index < graph->library_count && strcmp(made->texts + made->libraries[index].name, library) != 0)
        index++;
    if (index == graph->library_count)
        made->libraries[graph->library_count++].name = made_text(made, library);
    made->members[graph->member_count] =
        (struct graph_member){.name = made_text(made, name),
                              .archive = archive ? made_text(made, archive) : 0,
                              .library = index,
                              .extracted_by = GRAPH_NONE};
    return (uint32_t)graph->member_count++;
}

/* Code of some bytes, half of them in the zip; name NULL: without one. */
static inline uint32_t made_atom(struct made *made, uint32_t member, const char *name, uint32_t bytes)
{
    struct graph *graph = &made->graph;
    struct graph_atom *atom = &made->atoms[graph->atom_count];
    *atom = (struct graph_atom){.address = atom[-1].address + atom[-1].size_bytes,
                                .size_bytes = bytes,
                                .retained_bytes = bytes,
                                .deflated_bytes = bytes / 2,
                                .section = made_text(made, ".text"),
                                .member = member,
                                .named = name != NULL,
                                .code = true,
                                .parent = GRAPH_NONE,
                                .dominator = GRAPH_NONE};
    atom->name = name ? made_text(made, name) : atom->section;
    made->libraries[made->members[member].library].bytes += bytes;
    graph->file_bytes += bytes;
    graph->deflated_bytes += bytes / 2;
    return (uint32_t)graph->atom_count++;
}

static inline void made_edge(struct made *made, uint32_t from, uint32_t to)
{
    made->edges[made->edge_count].from = from;
    made->edges[made->edge_count++].to = to;
}

/* Says what the last atom that all chains to an atom go through is, and what goes with it. */
static inline void made_dominated(struct made *made, uint32_t atom, uint32_t by, uint64_t retained)
{
    made->atoms[atom].dominator = by;
    made->atoms[atom].parent = by;
    made->atoms[atom].retained_bytes = retained;
}

static inline const struct graph *made_end(struct made *made)
{
    uint32_t at = 0;
    for (uint32_t from = 0; from < made->graph.atom_count; from++) {
        made->edge_start[from] = at;
        for (size_t i = 0; i < made->edge_count; i++)
            if (made->edges[i].from == from)
                made->edge_to[at++] = made->edges[i].to;
    }
    made->edge_start[made->graph.atom_count] = at;
    return &made->graph;
}

#endif
