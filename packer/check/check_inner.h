/* check_inner.h - the checks of one program, in their order. */
#ifndef PACKER_CHECK_INNER_H
#define PACKER_CHECK_INNER_H

#include "check/checks.h"
#include "graph/graph.h"
#include "image/elf_file.h"
#include "image/elf_needs.h"

/* An ELF file that is loaded with the program: itself, or a library of the package. */
struct check_object {
    const char *place; /* in the package; NULL: the program */
    struct elf_file file;
    struct elf_needs needs;
};

/* A symbol for which a linker has a warning: .gnu.warning.SYMBOL of the member that defines it. */
struct check_link_warning {
    const char *member, *symbol, *text;
};

/* What is read of an archive, or of an object, once, for all programs. */
struct check_archive {
    struct check_archive *next;
    const char *path;
    struct check_link_warning *warnings;
    size_t count, capacity;
    const char *failure; /* why it could not be read; NULL: it was */
};

enum check_graph_state { CHECK_GRAPH_UNREAD, CHECK_GRAPH_READ, CHECK_GRAPH_FAILED };

struct check_work {
    struct check_plan *plan;
    const struct check_input *input;
    struct check_report *report;
    struct shared_arena *arena;   /* the plan's: of texts */
    struct shared_arena *scratch; /* of this program alone */
    const char *interpreter;      /* NULL: static */
    struct check_object *objects; /* the program, then libraries of the package that it loads */
    size_t object_count, object_capacity;
    enum check_graph_state graph_state;
    struct graph graph;
    const char *graph_failure;
    bool unstripped_read;
    struct elf_file unstripped;
};

/* Findings beyond this many of one check are left out; the last says so. */
#define CHECK_FINDINGS_SHOWN 20

/* Adds a finding; chain NULL: there is none to be had. */
int check_add(struct check_work *work, enum check_id id, const char *what, const char *remedy,
              const struct check_finding *chain, struct shared_error *err);
/* What the manifest turns off for all functions, and for this one; check_plan_make has looked at the names. */
void check_turn_off(const struct check_work *work);
int check_no_memory(const struct check_work *work, struct shared_error *err);
int check_unknown(struct check_work *work, enum check_id id, const char *why);

/* The graph; NULL where it cannot be read: work->graph_failure says why. */
const struct graph *check_graph(struct check_work *work);

/* The program with its symbols; NULL where there is none. */
const struct elf_file *check_unstripped(struct check_work *work);

/* Sets chain, or no_chain, of a finding: of an atom, or of what refers to a symbol of a shared object. */
int check_chain_of_atom(struct check_work *work, uint32_t atom, struct check_finding *finding,
                        struct shared_error *err);
int check_chain_of_import(struct check_work *work, const char *symbol, struct check_finding *finding,
                          struct shared_error *err);

/* Lists the objects that are loaded with the program, and says what is missing or too new. */
int check_libraries(struct check_work *work, struct shared_error *err);
int check_versions(struct check_work *work, const struct check_object *object, struct shared_error *err);
int check_run_paths(struct check_work *work, struct shared_error *err);

/* The place of a library in the package; NULL: it is not there. */
const char *check_find_place(const struct check_work *work, const struct check_object *object,
                             const char *name);

int check_loader(struct check_work *work, struct shared_error *err);
int check_segments(struct check_work *work, struct shared_error *err);
int check_link_warnings(struct check_work *work, struct shared_error *err);
int check_static_locale(struct check_work *work, struct shared_error *err);

/* What the linkers warn of in an archive; reads it once. NULL: memory is exhausted. */
const struct check_archive *check_read_archive(struct check_plan *plan, const char *path);

/* The first input of the link that asks for an executable stack; NULL where none is found. */
const char *check_stack_input(struct check_work *work);

#endif
