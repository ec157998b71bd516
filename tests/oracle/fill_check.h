/*
 * fill_check.h - counts the bytes of a program anew, section by section, and looks at those that are called padding.
 *
 * graph.h's padding is what is left when all else has been counted: here it is counted, and must be nothing.
 */
#ifndef TESTS_FILL_CHECK_H
#define TESTS_FILL_CHECK_H

#include "graph/graph.h"
#include "image/elf_file.h"

struct fill_count {
    uint64_t padding_bytes; /* between the parts of sections, and between sections */
    uint64_t table_bytes;   /* of sections without parts */
    uint64_t meaningful;    /* bytes of padding that are no zeros and no instructions that do nothing */
};

/* Returns 0 or SHARED_ENOMEM. */
int fill_count(const struct graph *graph, const struct elf_file *shipped, const struct elf_file *unstripped,
               struct shared_arena *arena, struct fill_count *count, struct shared_error *err);

#endif
