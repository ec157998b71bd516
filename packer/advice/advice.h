/*
 * advice.h - what would make the programs smaller, the largest gain first.
 *
 * Three kinds, each computed from the graph, and so an estimate of what another link would give:
 *
 *   sections  an archive that was built without function sections: what goes with it if nothing of it
 *             stayed that nothing refers to
 *   dynamic   a static program whose glibc could be the target's: glibc's bytes, less what it takes to ask
 *             for it
 *   root      a symbol of a library that one symbol of another, or of the function's own code, alone refers
 *             to: what goes if it did not
 *
 * Gains are not to be added up: one may take what another counts.
 */
#ifndef PACKER_ADVICE_H
#define PACKER_ADVICE_H

#include "check/checks.h"
#include "share/share.h"

enum advice_kind { ADVICE_SECTIONS, ADVICE_DYNAMIC, ADVICE_ROOT };

struct advice {
    enum advice_kind kind;
    const char *subject;      /* SECTIONS: the archive; DYNAMIC: "libc"; ROOT: the symbol */
    const char *library;      /* that the subject is of */
    const char *from;         /* ROOT: the one symbol that refers to it; else NULL */
    const char *from_library; /* of that */
    size_t symbols;           /* SECTIONS: that nothing refers to; DYNAMIC: that are asked of glibc; else 0 */
    struct manifest_texts functions; /* where it is so, in the manifest's order */
    struct share_bytes gain;         /* over these */
    const char *blocked; /* DYNAMIC: why it is not possible: "arc4random asks for GLIBC_2.36"; NULL: it is */
};

struct advices {
    struct advice *items; /* the largest gain first */
    size_t count, capacity;
};

/* A program that is looked into. */
struct advice_program {
    const struct manifest_function *function;
    const struct graph *graph;
    const char *unstripped;
    bool is_static;
};

/* Gains below this many bytes of the file are left out. */
#define ADVICE_LEAST_BYTES 1024

/*
 * Everything in advices lives in the arena, or is the graphs'. SHARED_EIO where the compiler cannot be
 * asked.
 */
int advice_find(const struct check_plan *plan, const struct advice_program *programs, size_t count,
                struct shared_arena *arena, struct advices *advices, struct shared_error *err);

#endif
