/* graph_inner.h - the steps of graph_read, in their order. */
#ifndef PACKER_GRAPH_INNER_H
#define PACKER_GRAPH_INNER_H

#include "graph/graph.h"
#include "graph/graph_index.h"
#include "graph/relocation.h"
#include "image/image_layout.h"

/* A symbol that names bytes. */
struct graph_symbol {
    uint64_t address;
    uint64_t size_bytes;
    const char *name; /* in the file's string table */
    uint8_t rank;     /* among those of one address the largest names the bytes */
    bool global;      /* one of that address is known beyond its object */
    bool code;
};

/* From one address to another. */
struct graph_reference {
    uint64_t from, to;
};

struct graph_edge {
    uint32_t from, to; /* atoms */
};

struct graph_work {
    uint64_t file_bytes, header_bytes; /* of what ships */
    const struct image_layout *layout; /* without what it has of that */
    const struct elf_file *file;       /* the layout's unstripped */
    struct shared_arena *arena;        /* the graph's */
    struct shared_arena *scratch;
    struct shared_arena *early; /* scratch that ends as soon as there are edges */
    struct graph *graph;

    /* .symtab as it is in the file: relocations refer to it by index. */
    struct shared_slice symbols;
    size_t symbol_count;
    struct shared_slice texts;
    uint64_t tls_address; /* of the first thread-local variable */

    struct graph_symbol *places; /* by address, one each */
    size_t place_count;
    struct graph_index place_index;

    /* Ends of inputs that references to what follows may mean: of a run, from where to its last byte. */
    struct graph_reference *ends;
    size_t end_count, end_capacity;

    struct graph_index run_index;
    uint32_t *member_of; /* of each run */
    bool *merged;        /* of each run: strings or constants that stand for equal ones of other inputs too */
    uint32_t *section_of; /* of each run, an index into the file's sections; GRAPH_NONE: none */

    /* What IRELATIVE relocations fill in, by place. */
    struct graph_reference *resolvers;
    size_t resolver_count;

    /* A bit for each byte of the file up to mark_bytes: whether a reference leads to it, in data. */
    uint64_t *marks;
    uint64_t mark_bytes;

    struct graph_reference *references;
    size_t reference_count, reference_capacity;

    size_t text_capacity;
    uint32_t partition_count; /* files of optimisation at link time */

    struct graph_index atom_index;
    uint32_t *
        first_atom; /* of each run, and of one more: those of run r are first_atom[r] up to first_atom[r + 1] */

    struct graph_edge *edges; /* before they are sorted */
    size_t edge_count, edge_capacity;
};

/* What graph_read does of what image_layout_read gives, but for graph_weigh; of what ships it looks at the size and the number of segments alone. */
int graph_read_layout(const struct image_layout *layout, struct shared_arena *scratch,
                      struct shared_arena *arena, struct graph *graph, struct shared_error *err);

/* Finds .symtab, and lists what names bytes. SHARED_EUNSUPPORTED: there is none. */
int graph_read_symbols(struct graph_work *work, struct shared_error *err);

/* Finds the section of each run. The run at an address; GRAPH_NONE where there is none. */
int graph_place_runs(struct graph_work *work, struct shared_error *err);
uint32_t graph_run_at(const struct graph_work *work, uint64_t address);

/* The header of a run's section; NULL: it has none. What runs a section has: the first one, and one past the last. */
const GElf_Shdr *graph_run_section(const struct graph_work *work, uint32_t run);
void graph_section_runs(const struct graph_work *work, const GElf_Shdr *section, uint32_t *first,
                        uint32_t *end);
const struct link_piece *graph_run_piece(const struct graph_work *work, uint32_t run);

/* Libraries and members from the layout's runs, and who made the linker extract each. */
int graph_make_members(struct graph_work *work, struct shared_error *err);

/* Lists references: those of the relocations, then those of branches within an input section. */
int graph_read_relocations(struct graph_work *work, struct shared_error *err);
int graph_read_branches(struct graph_work *work, struct shared_error *err);
int graph_add_reference(struct graph_work *work, uint64_t from, uint64_t to, struct shared_error *err);
int graph_add_end(struct graph_work *work, uint64_t from, uint64_t to, struct shared_error *err);

/* Where a reference really leads to: what a symbol plus a number, the sum, stands for in the program. */
uint64_t graph_settle_target(const struct graph_work *work, uint32_t from_run,
                             const struct relocation *relocation, uint64_t sum);

/*
 * By a section's symbol the end of what stands before is called as the start of what follows. Where that has a symbol
 * that would have been named instead, or is a string that would have one (beside_number), the former may be meant:
 * the last byte of it; else target.
 */
uint64_t graph_other_target(const struct graph_work *work, uint32_t from_run, uint64_t target,
                            bool beside_number);

/*
 * Calls of functions whose implementation is chosen at start (STT_GNU_IFUNC) lead to a stub of the linker's, which
 * jumps to what an IRELATIVE relocation fills in. Returns who chooses; 0: the address is of no such stub.
 */
int graph_list_resolvers(struct graph_work *work, struct shared_error *err);
uint64_t graph_stub_resolver(const struct graph_work *work, uint64_t address);

/* References to places in data, where atoms without a name begin. */
int graph_make_marks(struct graph_work *work, struct shared_error *err);
void graph_set_mark(struct graph_work *work, uint64_t address);
/* The last mark in a run that is not after an address in it, at most 64 KiB before it; else the run's start. */
uint64_t graph_mark_before(const struct graph_work *work, uint32_t run, uint64_t address);
/* The first mark after an address and before an end, both of one run; else the end. */
uint64_t graph_mark_after(const struct graph_work *work, uint32_t run, uint64_t address, uint64_t end);

/* Adds a text, made printable; its offset in *text. The first is "". */
int graph_add_text(struct graph_work *work, struct shared_slice name, uint32_t *text,
                   struct shared_error *err);

/* Moves the texts, which grew in scratch, to the graph's arena. */
int graph_keep_texts(struct graph_work *work, struct shared_error *err);

/* Cuts the runs into atoms. */
int graph_make_atoms(struct graph_work *work, struct shared_error *err);

/* The atom at an address; GRAPH_NONE where there is none. */
uint32_t graph_atom_at(const struct graph_work *work, uint64_t address);

/* References become edges between atoms, with those of the root. */
int graph_make_edges(struct graph_work *work, struct shared_error *err);
int graph_read_frames(struct graph_work *work, struct shared_error *err);
int graph_add_roots(struct graph_work *work, struct shared_error *err);
int graph_add_edge(struct graph_work *work, uint32_t from, uint32_t to, struct shared_error *err);
int graph_sort_edges(struct graph_work *work, struct shared_arena *arena, struct shared_error *err);

/* Whether an input section's name is a C identifier, for which the linker would define __start_ and __stop_. */
bool graph_is_identifier(struct shared_slice section);

/* Sets parent and kept of each atom. Where nothing leads to an atom edges are added to the graph. */
int graph_reach(struct graph_work *work, struct shared_error *err);

/* Finds which runs are merged. */
int graph_find_merged(struct graph_work *work, struct shared_error *err);

/* A string whose end other strings share goes on in the next atom. */
int graph_join_strings(struct graph_work *work, struct shared_error *err);

/* Gives merged strings and constants to the members that refer to them. */
void graph_own_strings(struct graph_work *work);

/* Whether a run is padding, or a table of the linker's, and no input's: it is not cut into atoms. */
bool graph_is_fill(const struct link_piece *piece);
bool graph_is_table(const struct graph_work *work, uint32_t run);

/*
 * The last step, for which the graph alone is needed: dominator and retained_bytes of each atom, then bytes and
 * retained_bytes of members and libraries. SHARED_ENOMEM; path is for that message.
 */
int graph_weigh(struct graph *graph, const char *path, struct shared_error *err);
int graph_dominate(struct graph *graph);
int graph_retain_groups(struct graph *graph);

/* Sets header, table and padding bytes. */
int graph_account(struct graph_work *work, struct shared_error *err);

int graph_no_memory(const struct graph_work *work, struct shared_error *err);

#endif
