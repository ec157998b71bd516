#include "snapshot/snapshot_inner.h"

#include "base/cleanup.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A graph's parts on their way into rows. */
struct making {
    const struct graph *graph;
    const char *name; /* of the function */
    struct shared_arena *arena;
    struct shared_error *err;
    const char **libraries; /* names, in the graph's order */
    const char **members;   /* names in the rows, likewise */
    uint32_t *ranks;        /* of members by library and name; those of the same names have the same */
    struct atom_row *atoms;
    size_t atom_count;
};

/* What is sorted. */
struct atom_row {
    const char *symbol;
    uint32_t rank, atom;
};

struct ranked {
    const char *library, *member;
    uint32_t index;
};

static int no_memory(const struct making *making)
{
    return shared_fail(making->err, SHARED_ENOMEM, 0, "no memory for the sizes of function %s", making->name);
}

static const char *member_name(const struct making *making, const struct graph_member *member)
{
    const char *name = graph_text(making->graph, member->name);
    return *name ? snapshot_escape(name, making->arena) : "?";
}

static int by_library_and_member(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = strcmp(x->library, y->library);
    return order != 0 ? order : strcmp(x->member, y->member);
}

static int name_members(struct making *making, struct shared_arena *scratch)
{
    const struct graph *graph = making->graph;
    struct ranked *ranked = shared_arena_alloc(scratch, graph->member_count * sizeof(*ranked));
    making->libraries = shared_arena_alloc(scratch, graph->library_count * sizeof(*making->libraries));
    making->members = shared_arena_alloc(scratch, graph->member_count * sizeof(*making->members));
    making->ranks = shared_arena_alloc(scratch, graph->member_count * sizeof(*making->ranks));
    if (!ranked || !making->libraries || !making->members || !making->ranks)
        return no_memory(making);
    for (size_t i = 0; i < graph->library_count; i++) {
        making->libraries[i] = snapshot_escape(graph_text(graph, graph->libraries[i].name), making->arena);
        if (!making->libraries[i])
            return no_memory(making);
    }
    for (uint32_t i = 0; i < graph->member_count; i++) {
        making->members[i] = member_name(making, &graph->members[i]);
        if (!making->members[i])
            return no_memory(making);
        ranked[i] = (struct ranked){making->libraries[graph->members[i].library], making->members[i], i};
    }
    qsort(ranked, graph->member_count, sizeof(*ranked), by_library_and_member);
    uint32_t rank = 0;
    for (size_t i = 0; i < graph->member_count; i++) {
        rank += i > 0 && by_library_and_member(&ranked[i - 1], &ranked[i]) != 0;
        making->ranks[ranked[i].index] = rank;
    }
    return 0;
}

static const char *symbol_name(const struct making *making, const struct graph_atom *atom)
{
    const char *name = graph_text(making->graph, atom->name);
    if (atom->named && *name)
        return snapshot_escape(name, making->arena);
    name = shared_arena_format(making->arena, "[%s]", name);
    return name ? snapshot_escape(name, making->arena) : NULL;
}

static int by_rank_and_symbol(const void *a, const void *b)
{
    const struct atom_row *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return strcmp(x->symbol, y->symbol);
}

/* Whatever has bytes in the file; atom 0, the root, stands for what the linker made. */
static int sort_atoms(struct making *making, struct shared_arena *scratch)
{
    const struct graph *graph = making->graph;
    making->atoms = shared_arena_alloc(scratch, (graph->atom_count + 1) * sizeof(*making->atoms));
    if (!making->atoms)
        return no_memory(making);
    making->atoms[making->atom_count++] =
        (struct atom_row){SNAPSHOT_LINKER_ROW, making->ranks[0], GRAPH_ROOT};
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        if (graph_atom_bytes(atom) == 0)
            continue;
        const char *symbol = symbol_name(making, atom);
        if (!symbol)
            return no_memory(making);
        making->atoms[making->atom_count++] = (struct atom_row){symbol, making->ranks[atom->member], i};
    }
    qsort(making->atoms, making->atom_count, sizeof(*making->atoms), by_rank_and_symbol);
    return 0;
}

/* What no atom has is the linker's. */
static struct snapshot_sizes linker_sizes(const struct graph *graph)
{
    uint64_t given = 0;
    for (size_t i = 1; i < graph->atom_count; i++)
        given += graph->atoms[i].deflated_bytes;
    return (struct snapshot_sizes){graph->header_bytes + graph->table_bytes + graph->padding_bytes,
                                   given < graph->deflated_bytes ? graph->deflated_bytes - given : 0, 1};
}

int snapshot_of_graph(const struct graph *graph, const char *name, struct shared_arena *arena,
                      struct snapshot_function *function, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct making making = {.graph = graph, .name = name, .arena = arena, .err = err};
    int status = name_members(&making, &scratch);
    if (status == 0)
        status = sort_atoms(&making, &scratch);
    if (status < 0)
        return status;
    struct snapshot_row *rows = shared_arena_alloc(arena, making.atom_count * sizeof(*rows));
    if (!rows)
        return no_memory(&making);
    for (size_t i = 0; i < making.atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[making.atoms[i].atom];
        bool root = making.atoms[i].atom == GRAPH_ROOT;
        uint32_t member = root ? 0 : atom->member;
        rows[i] = (struct snapshot_row){
            .member = making.members[member],
            .symbol = making.atoms[i].symbol,
            .library = graph->members[member].library,
            .sizes = {graph_atom_bytes(atom), atom->deflated_bytes, 1},
        };
        if (root)
            rows[i].sizes = linker_sizes(graph);
    }
    *function = (struct snapshot_function){.name = name};
    return snapshot_fill(function, rows, making.atom_count, making.libraries, arena, err);
}
