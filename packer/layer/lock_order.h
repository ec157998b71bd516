/* lock_order.h - items in the order of their places. */
#ifndef PACKER_LOCK_ORDER_H
#define PACKER_LOCK_ORDER_H

#include "layer/layer_plan.h"

/* By place, then digest; as qsort's functions, of two struct layer_item * that lie in arrays. */
int lock_compare_items(const struct layer_item *one, const struct layer_item *other);
void lock_sort_items(const struct layer_item **items, size_t count);

/* What is at a place, in one hash: the digest of the one item, or of the digests of those that differ. */
struct lock_state {
    const char *place;
    struct hash digest;
};

/* The states of sorted items, one for each place, in their order; NULL: memory is exhausted. */
struct lock_state *lock_states_make(const struct layer_item *const *items, size_t count,
                                    struct shared_arena *arena, size_t *state_count);

#endif
