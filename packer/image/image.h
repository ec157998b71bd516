/*
 * image.h - what is inside a linked program, and where each byte came from.
 *
 * Bytes are those of the shipped (stripped) file. The link map says which input each piece of a section came
 * from; an archive is an origin of its own, the function's objects are "own", the C library and the
 * compiler's start files and runtime are "libc". What was optimised at link time is "lto": the map does not say
 * which of the inputs, own or a library's, its bytes came from. Headers, padding and what the linker made are "linker":
 * tables for dynamic linking, and strings and constants that lld, mold and gold merge, since their maps do
 * not say whose they were. They add up to file_bytes. Merged strings go to the first input that has them; whose they
 * are by what refers to them is the graph's to tell (graph_origins).
 */
#ifndef PACKER_IMAGE_H
#define PACKER_IMAGE_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

struct image_origin {
    const char
        *name; /* "own", a library's name in the manifest, an archive's base name, "libc", "lto", "linker"
                       */
    uint64_t bytes; /* over 0 */
};

struct image {
    uint64_t file_bytes;
    struct image_origin *origins; /* largest first, names unique */
    size_t origin_count;
    struct manifest_texts needed; /* DT_NEEDED, in order */
    const char *interpreter;      /* NULL: static */
    const char *glibc;            /* the newest GLIBC_x.y asked for, "2.34"; NULL: none */
    const char *glibc_symbol;     /* a symbol that asks for it; "GLIBC_ABI_DT_RELR": packed relocations; NULL:
                                     not known */
};

/* What image_read is to look at. */
struct image_paths {
    const char *shipped;    /* stripped */
    const char *unstripped; /* with the sections that the map speaks of; NULL: shipped */
    const char *map;        /* of bfd, gold, lld or mold; NULL: all bytes but the linker's are "own" */
};

/*
 * Reads a program. Everything in *image lives in the arena and the manifest; of the files nothing is kept.
 * SHARED_EPROTO names the file and what is wrong with it: not ELF, cut off, a map of another program.
 * SHARED_EINVAL: not an executable for the target. SHARED_EIO: it cannot be read. SHARED_ETOOBIG: over 1 GiB.
 */
int image_read(const struct manifest *manifest, const struct manifest_function *function,
               const struct image_paths *paths, struct shared_arena *arena, struct image *image,
               struct shared_error *err);

#endif
