/*
 * share_layer.h - a library as a shared object in a layer: what it would weigh there, and whether it would
 * run.
 */
#ifndef PACKER_SHARE_LAYER_H
#define PACKER_SHARE_LAYER_H

#include "check/checks.h"
#include "image/elf_needs.h"
#include "share/share.h"

/* The shared object of a library, with what of its own needs the target does not have. */
struct share_layer {
    const char *path;            /* NULL: there is none, or none that could be used */
    const char *why_not;         /* where path is NULL */
    const char *soname;          /* its base name where it has none */
    struct share_bytes own;      /* stripped, and deflated */
    struct share_bytes with;     /* that and what it needs */
    uint64_t relocations;        /* that the dynamic loader does at a cold start */
    struct manifest_texts needs; /* sonames that would go with it */
    const char *too_new; /* what it asks of the target that is not there: "GLIBC_2.36"; NULL: nothing */
};

enum share_verdict {
    SHARE_NONE,    /* there is nothing to compare with */
    SHARE_TARGETS, /* glibc: it is the target's, for functions that are linked dynamically */
    SHARE_SINGLE,  /* one function alone has it: static is as small as it gets */
    SHARE_TOO_NEW, /* the shared object asks for what the target does not have */
    SHARE_STATIC,  /* a layer would store more */
    SHARE_LAYER,   /* a layer would store less */
};

/* A library both ways. */
struct share_choice {
    const struct share_library *library;
    struct share_layer layer;
    enum share_verdict verdict;
    uint64_t
        pays_from; /* functions from which a layer would store less, if all had as much of it; 0: not known */
    int64_t saved_zip;  /* by the layer, over all functions; below 0: it costs that */
    int64_t added_file; /* to what a function has unzipped, on average; below 0: it has less */
};

/* Tools are those of the plan's manifest; what is stripped goes into state. SHARED_EIO, SHARED_ENOMEM. */
int share_choose(const struct check_plan *plan, const char *state, const struct share_library *library,
                 struct shared_arena *arena, struct share_choice *choice, struct shared_error *err);

/* Finds a library's shared object. As above. */
int share_find_layer(const struct check_plan *plan, const char *state, const char *library,
                     struct shared_arena *arena, struct share_layer *layer, struct shared_error *err);

/* The shared object of a library of the manifest, or of one that is called name: what "shared" says, else beside the
 * archive, else the compiler's. NULL: none is known. */
int share_find_path(const struct manifest *manifest, const char *name, struct shared_arena *arena,
                    const char **path, struct shared_error *err);

/* The first version that a shared object asks for and the target does not have: "GLIBC_2.36"; NULL: there is none. */
const char *share_find_newer(const struct check_plan *plan, const struct elf_needs *needs);

/* Where the compiler has a file: absolute (arena); NULL: it knows none of that name. */
int share_ask_compiler(const struct manifest *manifest, const char *name, struct shared_arena *arena,
                       const char **path, struct shared_error *err);

#endif
