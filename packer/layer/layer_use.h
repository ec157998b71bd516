/*
 * layer_use.h - what a function can use of its layers, where items need each other.
 *
 * What a function has from a layer finds in /opt alone what it needs. So it can use the largest set of what its layers
 * have of it in which each item's needs are too, as far as the function carries those; all else its own zip carries.
 */
#ifndef PACKER_LAYER_USE_H
#define PACKER_LAYER_USE_H

#include "layer/layer_inner.h"

/* Who needs each item, and what was marked last: of one thread. */
struct layer_use {
    size_t *begin; /* of item i: list + begin[i] to list + begin[i + 1] */
    uint32_t *list;
    uint32_t *carried, *usable; /* of each item: the stamp */
    uint32_t stamp;
    uint32_t *queue;
};

/* Sets net->use; NULL where no item needs another. */
bool layer_use_make(struct layer_net *net, struct shared_arena *arena);

/*
 * Marks what a function can use of the layers that it attaches, but for one (its number in the state, or LAYER_NO), and with
 * one more (or NULL). Returns the weight of that.
 */
uint64_t layer_use_mark(const struct layer_net *net, const struct layer_state *state, uint32_t rank,
                        uint32_t but, const struct layer_draft *with);

static inline bool layer_use_has(const struct layer_use *use, size_t item)
{
    return use->usable[item] == use->stamp;
}

/*
 * Functions leave layers of which they can use nothing, new ones of which nobody else can, and those with which they are over
 * the limit, for what is in a layer and cannot be used is there twice.
 */
bool layer_use_leave(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *state,
                     bool *left);

#endif
