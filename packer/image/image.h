/*
 * image.h - what is inside a linked program, and where each byte came from.
 *
 * Bytes are those of the shipped (stripped) file. The link map says which input each piece of a section came from; an
 * archive is an origin of its own, the function's objects are "own", the C library and the compiler's start files and
 * runtime are "libc". Headers, padding and what the linker made (tables for dynamic linking) are "linker". They add up
 * to file_bytes.
 */
#ifndef PACKER_IMAGE_H
#define PACKER_IMAGE_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

struct image_origin {
    const char *name; /* "own", a library's name in the manifest, an archive's base name, "libc", "linker" */
    uint64_t bytes;
};

struct image {
    uint64_t file_bytes;
    struct image_origin *origins; /* largest first, names unique */
    size_t origin_count;
    struct manifest_texts needed; /* DT_NEEDED, in order */
    const char *interpreter;      /* NULL: static */
    const char *glibc;            /* the newest GLIBC_x.y asked for, "2.34"; NULL: none */
    const char *glibc_symbol;     /* a symbol that asks for it */
};

/* What image_read is to look at. */
struct image_paths {
    const char *shipped;  /* stripped */
    const char *unstripped; /* with the sections that the map speaks of; NULL: shipped */
    const char *map;      /* of bfd, lld or mold; NULL: all bytes but the linker's are "own" */
};

/* Reads a program. SHARED_EPROTO names file and what is wrong; SHARED_EINVAL: not an executable for the target. */
int image_read(const struct manifest *manifest, const struct manifest_function *function,
               const struct image_paths *paths, struct shared_arena *arena, struct image *image,
               struct shared_error *err);

/* Whether it runs on the target: the glibc it asks for, the shared libraries it needs. SHARED_EUNSUPPORTED says what not. */
int image_check_target(const struct manifest *manifest, const struct image *image, struct shared_error *err);

#endif
