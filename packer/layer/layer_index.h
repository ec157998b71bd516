/* layer_index.h - numbers by a key of 64 bits; several may have the same key. */
#ifndef PACKER_LAYER_INDEX_H
#define PACKER_LAYER_INDEX_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

struct layer_slot {
    uint64_t key;
    size_t value; /* LAYER_NONE: free */
};

/* {.arena = …} is empty. */
struct layer_index {
    struct shared_arena *arena;
    struct layer_slot *slots;
    size_t count, capacity;
};

/*
 * The next value of a key, LAYER_NONE after the last. *at is 0 for the first, and then left alone:
 * for (size_t at = 0, value; (value = layer_index_next(index, key, &at)) != LAYER_NONE;)
 */
size_t layer_index_next(const struct layer_index *index, uint64_t key, size_t *at);

int layer_index_add(struct layer_index *index, uint64_t key, size_t value, struct shared_error *err);

uint64_t layer_index_text_key(const char *text);
uint64_t layer_index_pointer_key(const void *pointer);

#endif
