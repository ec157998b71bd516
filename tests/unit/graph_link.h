/*
 * graph_link.h - programs for the tests of packer/graph, compiled and linked in the scratch folder, without a C library:
 * what refers to what is known.
 */
#ifndef TESTS_GRAPH_LINK_H
#define TESTS_GRAPH_LINK_H

#include "image_link.h"

#include "graph/graph.h"

/* A program and what was read of it. */
struct graph_program {
    struct shared_arena arena;
    struct manifest manifest;
    struct graph graph;
};

/* Reads the graph of "program", with "program.map", stripped by the tool given. Returns what graph_read does. */
static inline int graph_program_read(struct graph_program *program, const char *architecture,
                                     const char *strip, struct shared_error *err)
{
    const struct image_paths paths = {"shipped", "program", "program.map"};
    *program = (struct graph_program){0};
    SHELL_NEED("%s --strip-all -o shipped program", strip);
    image_parse_manifest(&program->manifest, "provided.al2023", architecture, &program->arena);
    return graph_read(&program->manifest, &program->manifest.functions[0], &paths, &program->arena,
                      &program->graph, err);
}

static inline void graph_program_clean_up(struct graph_program *program)
{
    shared_arena_clean_up(&program->arena);
}

/* The atom of a symbol; GRAPH_NONE where there is none. "a|b": of either name, of two of one address. */
static inline uint32_t graph_find(const struct graph *graph, const char *name)
{
    size_t size = strcspn(name, "|");
    for (uint32_t i = 0; i < graph->atom_count; i++) {
        const char *text = graph_text(graph, graph->atoms[i].name);
        if (graph->atoms[i].named && strncmp(text, name, size) == 0 && text[size] == '\0')
            return i;
    }
    return name[size] == '|' ? graph_find(graph, name + size + 1) : GRAPH_NONE;
}

static inline bool graph_has_edge(const struct graph *graph, uint32_t from, uint32_t to)
{
    if (from == GRAPH_NONE || to == GRAPH_NONE)
        return false;
    for (uint32_t i = graph->edge_start[from]; i < graph->edge_start[from + 1]; i++)
        if (graph->edge_to[i] == to)
            return true;
    return false;
}

/* Whether one symbol refers to another, or to a part without a name that does: a table of addresses. */
static inline bool graph_refers(const struct graph *graph, const char *from, const char *to)
{
    uint32_t a = graph_find(graph, from), b = graph_find(graph, to);
    if (a == GRAPH_NONE || b == GRAPH_NONE)
        return false;
    if (graph_has_edge(graph, a, b))
        return true;
    for (uint32_t i = graph->edge_start[a]; i < graph->edge_start[a + 1]; i++)
        if (!graph->atoms[graph->edge_to[i]].named && graph_has_edge(graph, graph->edge_to[i], b))
            return true;
    return false;
}

#endif
