/*
 * image_layout.h - which input each run of a program's bytes came from, for those who ask why it is there.
 *
 * image_read adds it up; packer/graph follows references between its runs.
 */
#ifndef PACKER_IMAGE_LAYOUT_H
#define PACKER_IMAGE_LAYOUT_H

#include "image/image.h"
#include "image/image_attribute.h"

#include <stdbool.h>

struct image_layout {
    struct elf_file shipped;
    struct elf_file unstripped; /* shipped itself where there is no other */
    struct link_map map;        /* all zero where there is none */
    struct image_runs runs;
    struct image_origins origins; /* with the bytes of each, in the order in which they were met */
};

/*
 * Everything lives in arena but for the origins' names, which live in names. shipped_too: what is in layout->shipped
 * is there afterwards; else only its size and how many segments it has, where there is an unstripped file. Fails as
 * image_read.
 */
int image_layout_read(const struct manifest *manifest, const struct manifest_function *function,
                      const struct image_paths *paths, bool shipped_too, struct shared_arena *arena,
                      struct shared_arena *names, struct image_layout *layout, struct shared_error *err);

#endif
