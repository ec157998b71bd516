/* zip_compare.h - where two zips that should be the same differ first. */
#ifndef PACKER_ZIP_COMPARE_H
#define PACKER_ZIP_COMPARE_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stdint.h>

struct zip_difference {
    bool differs;
    uint64_t offset; /* of the first byte that is another one, or that one of the two has alone */
    const char
        *place; /* of the first zip's entry that it is in; NULL: in none, or it cannot be read as a zip */
};

/* Compares byte by byte; the place lives in the arena. SHARED_EIO, SHARED_ENOMEM. */
int zip_compare(const char *first, const char *second, struct shared_arena *arena,
                struct zip_difference *difference, struct shared_error *err);

#endif
