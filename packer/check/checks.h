/*
 * checks.h - whether a program will start and work on the target, told before anything is uploaded.
 *
 * Each check has a name, by which a manifest turns it off with a reason, for all functions or for one. A check that finds something says
 * what, since when (the chain of references from the entry to it), and what to do. The graph is read only
 * where something is found.
 */
#ifndef PACKER_CHECKS_H
#define PACKER_CHECKS_H

#include "graph/graph.h"
#include "image/elf_file.h"
#include "image/image.h"
#include "manifest/policy.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>

/* Indexes of check_rules, in the order in which they are shown. */
enum check_id {
    CHECK_ELF_CLASS,
    CHECK_ARCHITECTURE,
    CHECK_LOADER,
    CHECK_GLIBC_CEILING,
    CHECK_DT_RELR,
    CHECK_NEEDED_LIBRARIES,
    CHECK_RUNPATH,
    CHECK_LINK_WARNINGS,
    CHECK_STATIC_LOCALE,
    CHECK_EXECUTABLE_STACK,
    CHECK_WRITABLE_CODE,
    CHECK_COUNT
};

struct check_rule {
    const char *name;
    const char *what; /* is looked at */
    bool error;       /* what it finds would not start; else a warning */
    bool always;      /* a manifest cannot turn it off: nothing is known of a program that fails it */
};

extern const struct check_rule check_rules[CHECK_COUNT];

enum check_outcome {
    CHECK_PASSED,
    CHECK_FOUND,
    CHECK_OFF,    /* turned off, whatever was found */
    CHECK_UNKNOWN /* what it would look at is not there: note says what */
};

struct check_finding {
    const char *what;            /* "arc4random asks for GLIBC_2.36; provided.al2023 has 2.34" */
    const char *remedy;          /* "link it statically, or …" */
    struct manifest_texts chain; /* from the entry to it: "main (catalog.c.o)"; none where it is not known */
    const char *no_chain;        /* why there is none, where there should be; else NULL */
};

struct check_result {
    enum check_outcome outcome;
    const char *note; /* OFF: the reason; UNKNOWN: why; else NULL */
    struct check_finding *findings;
    size_t count, capacity;
};

struct check_report {
    struct check_result results[CHECK_COUNT];
};

/* What the manifest and its policy say of the target, read once for all functions. */
struct check_plan {
    const struct manifest *manifest;
    struct policy policy;
    struct shared_arena *arena;
    struct check_archive *archives; /* what was read of archives so far */
};

/* A file of the package beside the program. */
struct check_file {
    const char *place; /* in the package */
    const char *path;  /* where it is now */
};

struct check_input {
    const struct manifest_function *function; /* of the plan's manifest */
    struct image_paths paths;
    const struct check_file *files;
    size_t file_count;
};

/*
 * SHARED_EINVAL: an unknown check (the message has the nearest name), one that cannot be turned off, a
 * policy file that is none. The plan lives as long as manifest and arena.
 */
int check_plan_make(const struct manifest *manifest, struct shared_arena *arena, struct check_plan *plan,
                    struct shared_error *err);

/*
 * Looks at one program. Texts live in the plan's arena. Fails as elf_file_read where the program cannot be
 * read.
 */
int check_function(struct check_plan *plan, const struct check_input *input, struct check_report *report,
                   struct shared_error *err);

/* Whether the target has a library, and the newest versions that are known of it, maybe none. */
bool check_target_has(const struct check_plan *plan, const char *library, struct manifest_texts *versions);

/* Whether a version is newer than what the target has of its family, which is then in *has. */
bool check_is_newer(const struct manifest_texts *versions, const char *version, const char **has);

/* The atom that has an address; GRAPH_NONE. */
uint32_t check_atom_at(const struct graph *graph, uint64_t address);

/* The symbols and texts of .symtab; false where there is none. */
bool check_symbols(const struct elf_file *file, struct shared_slice *symbols, struct shared_slice *texts);

typedef void check_reference_visit(void *user, uint64_t address, const Elf64_Sym *symbol,
                                   struct shared_slice name);

/*
 * Calls visit for each reference that the linker kept (-q): where it stands, and the symbol that it was
 * made by.
 */
void check_references_each(const struct elf_file *file, check_reference_visit *visit, void *user);

/* Findings of checks that are on. */
size_t check_errors(const struct check_report *report);
size_t check_warnings(const struct check_report *report);

/* A finding on one line, without its chain: "glibc-ceiling: WHAT: REMEDY"; NULL: memory is exhausted. */
const char *check_finding_text(enum check_id id, const struct check_finding *finding,
                               struct shared_arena *arena);

/*
 * "_start > main (catalog.c.o) > arc4random", long ones with their middle left out; NULL: memory is
 * exhausted.
 */
const char *check_chain_text(const struct manifest_texts *chain, struct shared_arena *arena);

#endif
