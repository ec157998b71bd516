/* image_attribute.h - the inner steps of image_read: each byte of a program to its origin. */
#ifndef PACKER_IMAGE_ATTRIBUTE_H
#define PACKER_IMAGE_ATTRIBUTE_H

#include "image/elf_file.h"
#include "image/image_origin.h"
#include "image/link_map.h"

/* A run of bytes in memory that one input gave. Runs are sorted and do not overlap. */
struct image_run {
    uint64_t start, end;
    uint32_t origin;
    uint32_t piece; /* in the map */
};

struct image_runs {
    struct image_run *items;
    size_t count;
};

/*
 * Adds file_bytes to the origins: what the program's sections are made of, by the map (of map_path), or all
 * of it to "own" where map is NULL; the rest is the linker's. SHARED_EPROTO: the map is another program's, or
 * the sections have more bytes than the file.
 */
int image_attribute(const struct elf_file *file, const char *map_path, const struct link_map *map,
                    uint64_t file_bytes, struct shared_arena *scratch, struct image_origins *origins,
                    struct image_runs *runs, struct shared_error *err);

/* An FDE. */
struct image_frame {
    uint64_t offset, bytes; /* in the section */
    uint64_t common;        /* offset of its CIE */
    uint64_t code;          /* address of what it describes */
    uint64_t table;         /* of its cleanups (LSDA); 0: none */
    uint64_t personality;   /* the function that reads the table, or a pointer to it; 0: none */
};

typedef void image_frame_visit(void *user, const struct image_frame *frame);

/* Calls visit for each FDE of an .eh_frame whose code can be told. */
void image_frames_each(const struct elf_file *file, const struct elf_section *section,
                       image_frame_visit *visit, void *user);

/*
 * For an .eh_frame that the map says nothing of: each entry belongs to the input whose code it describes.
 * Entries for what no run covers, and what they share, stay with the linker. Returns the bytes given away.
 */
uint64_t image_frames_attribute(const struct elf_file *file, const struct elf_section *section,
                                const struct image_runs *runs, struct image_origins *origins);

#endif
