/*
 * share.h - what several functions carry in copy, and what the same would cost as a shared object in a layer.
 *
 * A symbol is the same in two programs where library, member, input section, name and size are: its bytes
 * differ in the addresses that the linker wrote into them, whichever program it stands in. Symbols without
 * a name are told apart by their order in the member.
 *
 * Two measures: bytes in the zips are stored for each version of each function, and of a layer once; bytes
 * unzipped count against the limit of each function, a layer's whole content with it.
 */
#ifndef PACKER_SHARE_H
#define PACKER_SHARE_H

#include "graph/graph.h"
#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A program that is compared. */
struct share_program {
    const char *name; /* of the function */
    const struct graph *graph;
    bool is_static; /* it cannot load a shared object */
};

/* Bytes in the file, and of the zip. */
struct share_bytes {
    uint64_t file, zip;
};

/* What stands in two programs at least. */
struct share_symbol {
    const char *library, *member;
    const char *name; /* NULL: without one */
    const char *section;
    size_t functions;
    struct share_bytes all;  /* of all copies */
    struct share_bytes copy; /* of all but the largest: what would go if it stood once */
};

struct share_library {
    const char *name;
    size_t functions;        /* that have something of it */
    size_t static_functions; /* of these */
    struct share_bytes all;  /* in all programs */
    struct share_bytes once; /* if each symbol stood once */
    struct share_bytes copy; /* the difference */
    uint64_t least_file;     /* what a function has of it, at least and at most */
    uint64_t most_file;
};

struct share {
    size_t function_count;
    struct share_library *libraries; /* most bytes in copy first */
    size_t library_count;
    struct share_symbol *symbols; /* likewise */
    size_t symbol_count;
    struct share_bytes all, copy; /* of all programs; what the linker made counts in all */
};

/* Texts are the graphs'; the rest lives in the arena. SHARED_ENOMEM. */
int share_find(const struct share_program *programs, size_t count, struct shared_arena *arena,
               struct share *share, struct shared_error *err);

#endif
