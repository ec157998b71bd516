/* limit_message.h - what limit_check says about what is exceeded. */
#ifndef PACKER_LIMIT_MESSAGE_H
#define PACKER_LIMIT_MESSAGE_H

#include "limit/limit.h"

struct limit_case {
    const struct manifest *manifest;
    const struct limit_finding *finding;
    bool overridden;
    const struct limit_usage *usage; /* of finding's function; NULL: finding is of none */
    const struct limit_part *parts;  /* of that function or layer, or the zips of the region */
    size_t part_count;
    const struct limit_region *region; /* NULL: finding is not of the region */
    uint64_t added_bytes;              /* to the region */
};

/* NULL where memory is exhausted. */
char *limit_message(const struct limit_case *exceeded, struct shared_arena *arena);

#endif
