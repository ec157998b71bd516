/* layer_digest.h - the inner step of layer_items_find that tells what units are. */
#ifndef PACKER_LAYER_DIGEST_H
#define PACKER_LAYER_DIGEST_H

#include "layer/layer_unit.h"

/* A unit that moves, of one function. */
struct layer_found {
    size_t unit; /* a root */
    enum layer_kind kind;
    struct hash own; /* of its entries */
    struct layer_item item;
    struct layer_carried carried;
    size_t *needs; /* places in the array of these */
    size_t need_count;
};

/* The units of a function that move, with digests that cover what they need, in the order of their first entries.
 * SHARED_EINVAL: the content of a file is not known. */
int layer_found_make(const struct layer_work *work, struct layer_found **found, size_t *count,
                     struct shared_error *err);

/* Bytes to be hashed; {.arena = …} has none. Adding fails where memory is exhausted. */
struct layer_bytes {
    struct shared_arena *arena;
    char *data;
    size_t size, capacity;
};

bool layer_bytes_add(struct layer_bytes *bytes, const void *data, size_t size);

/* Makes of own the digests that cover what is needed: in a layer another package of that name would be found
 * otherwise. */
int layer_found_close(struct layer_found *found, size_t count, struct layer_bytes *bytes,
                      struct shared_error *err);

/* An entry's place in a layer: that in the package below a folder. NULL where memory is exhausted. */
const char *layer_entry_place(enum layer_kind kind, const char *place, struct shared_arena *arena);

#endif
