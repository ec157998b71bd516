/* limit_usage.h - what a function weighs, from what the stages before found out about it. */
#ifndef PACKER_LIMIT_USAGE_H
#define PACKER_LIMIT_USAGE_H

#include "image/image.h"
#include "limit/limit.h"
#include "package/package.h"

struct limit_input {
    const struct manifest_function *function;
    const struct package *package;   /* as its zip has it */
    const struct image *image;       /* file_bytes 0: not linked yet, or files alone */
    uint64_t zip_bytes;              /* 0: not known yet */
    const struct limit_part *layers; /* that are planned for it, with their unzipped bytes */
    size_t layer_count;
};

/*
 * Fills a usage with what is known so far: files, the program by origin, the zip, layers, also those of the manifest.
 * Its parts live in the arena, their names where they were. SHARED_ENOMEM.
 */
int limit_usage_make(const struct limit_input *input, struct shared_arena *arena, struct limit_usage *usage,
                     struct shared_error *err);

/* Fills a layer whose zip holds a package. SHARED_ENOMEM. */
int limit_layer_make(const char *name, const struct package *package, uint64_t zip_bytes,
                     struct shared_arena *arena, struct limit_layer *layer, struct shared_error *err);

#endif
