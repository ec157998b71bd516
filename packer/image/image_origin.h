/* image_origin.h - which origin an input of the link belongs to, and how many bytes each has. */
#ifndef PACKER_IMAGE_ORIGIN_H
#define PACKER_IMAGE_ORIGIN_H

#include "image/image.h"
#include "image/text_table.h"

#include <stdbool.h>

/* These are always there; the others follow as they are met. */
enum { ORIGIN_LINKER, ORIGIN_OWN, ORIGIN_LIBC, ORIGIN_LTO, ORIGIN_COUNT };

struct image_origins {
    struct shared_arena *arena; /* of the names and the items */
    struct image_origin *items;
    size_t count, capacity;
    struct text_table by_name, by_file;
    const struct manifest *manifest;
    const struct manifest_library **libraries; /* of the function */
    size_t library_count;
};

/*
 * The function's own libraries come before the project's others where both have an archive of the same name.
 * Tables live in scratch, which outlives origins.
 */
int image_origins_init(struct image_origins *origins, const struct manifest *manifest,
                       const struct manifest_function *function, struct shared_arena *scratch,
                       struct shared_arena *arena, struct shared_error *err);

/*
 * Finds the origin of a file that a link map names, by its place in items. is_archive: the map names a member
 * of it. An empty file is the linker's.
 */
int image_origin_of(struct image_origins *origins, struct shared_slice file, bool is_archive,
                    uint32_t *origin, struct shared_error *err);

/* Whether a file that a map names is one that optimisation at link time made, of whatever inputs took part in it. */
bool image_origin_is_lto(struct shared_slice file);

/* Leaves out origins without bytes and sorts the rest, the largest first. */
void image_origins_sort(struct image_origins *origins);

#endif
