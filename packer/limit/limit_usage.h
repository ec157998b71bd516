/* limit_usage.h - what a function weighs, from what the stages before found out about it. */
#ifndef PACKER_LIMIT_USAGE_H
#define PACKER_LIMIT_USAGE_H

#include "image/image.h"
#include "limit/limit.h"
#include "package/package.h"

/*
 * Fills a usage with what is known so far: the assets, the program by origin (image->file_bytes 0: not linked yet)
 * and the zip (zip_bytes 0: not there yet). Its parts live in the arena, their names where they were. SHARED_ENOMEM.
 */
int limit_usage_make(const struct manifest_function *function, const struct package *package,
                     const struct image *image, uint64_t zip_bytes, struct shared_arena *arena,
                     struct limit_usage *usage, struct shared_error *err);

#endif
