/* graph_inner.h - the steps of graph_read, in their order. */
#ifndef PACKER_GRAPH_INNER_H
#define PACKER_GRAPH_INNER_H

#include "graph/graph.h"
#include "image/image_layout.h"

/* A symbol that names bytes. */
struct graph_symbol {
    uint64_t address;
    uint64_t size_bytes;
    const char *name; /* in the file's string table */
    uint8_t rank;     /* among those of one address the largest names the bytes */
    bool code;
};

struct graph_work {
    const struct image_layout *layout;
    const struct elf_file *file; /* the layout's unstripped */
    struct shared_arena *arena;  /* the graph's */
    struct shared_arena *scratch;
    struct graph *graph;

    /* .symtab as it is in the file: relocations refer to it by index. */
    struct shared_slice symbols;
    size_t symbol_count;
    struct shared_slice texts;
    uint64_t tls_address; /* of the first thread-local variable */

    struct graph_symbol *places; /* by address, one each */
    size_t place_count;

    /* References to places in data, by address, each once: atoms without a name begin there. */
    uint64_t *marks;
    size_t mark_count;

    struct graph_reference *references;
    size_t reference_count, reference_capacity;

    size_t text_capacity;

    uint32_t *edge_from, *edge_to; /* before they are sorted */
    size_t edge_count, edge_capacity;
};

/* From one address to another. */
struct graph_reference {
    uint64_t from, to;
};

/* Finds .symtab, and lists what names bytes. SHARED_EUNSUPPORTED: there is none. */
int graph_read_symbols(struct graph_work *work, struct shared_error *err);

/* Lists references: those of the relocations, then those of branches within an input section. */
int graph_read_relocations(struct graph_work *work, struct shared_error *err);
int graph_read_branches(struct graph_work *work, struct shared_error *err);
int graph_add_reference(struct graph_work *work, uint64_t from, uint64_t to, struct shared_error *err);

/* Libraries and members from the layout's runs, and who made the linker extract each. member_of has the member of
 * each run. */
int graph_make_members(struct graph_work *work, uint32_t **member_of, struct shared_error *err);

/* Adds a text, made printable; its offset in *text. The first is "". */
int graph_add_text(struct graph_work *work, struct shared_slice name, uint32_t *text,
                   struct shared_error *err);

/* Moves the texts, which grew in scratch, to the graph's arena. */
int graph_keep_texts(struct graph_work *work, struct shared_error *err);

/* Cuts the runs into atoms. */
int graph_make_atoms(struct graph_work *work, const uint32_t *member_of, struct shared_error *err);

/* The atom at an address; GRAPH_NONE where there is none. */
uint32_t graph_atom_at(const struct graph *graph, uint64_t address);

/* References become edges between atoms, with those of the root. */
int graph_make_edges(struct graph_work *work, struct shared_error *err);
int graph_read_frames(struct graph_work *work, struct shared_error *err);
int graph_add_roots(struct graph_work *work, struct shared_error *err);
int graph_add_edge(struct graph_work *work, uint32_t from, uint32_t to, struct shared_error *err);
int graph_sort_edges(struct graph_work *work, struct shared_error *err);

/* Sets parent and kept of each atom. Where nothing leads to an atom edges are added to the graph. */
int graph_reach(struct graph_work *work, struct shared_error *err);

/* Gives merged strings and constants to the members that refer to them. */
void graph_own_strings(struct graph_work *work);

/* Whether a run is padding, or a table of the linker's, and no input's: it is not cut into atoms. */
bool graph_is_fill(const struct link_piece *piece);
bool graph_is_table(const struct graph_work *work, const struct image_run *run);

/* Sets dominator and retained_bytes of each atom, then retained_bytes of members and libraries. */
int graph_dominate(struct graph_work *work, struct shared_error *err);
int graph_retain_groups(struct graph_work *work, struct shared_error *err);

/* Sets header, table and padding bytes. */
int graph_account(struct graph_work *work, struct shared_error *err);

int graph_no_memory(const struct graph_work *work, struct shared_error *err);

#endif
