#include "layer/lock_order.h"

#include <stdlib.h>
#include <string.h>

int lock_compare_items(const struct layer_item *one, const struct layer_item *other)
{
    int order = strcmp(one->place, other->place);
    return order ? order : memcmp(&one->digest, &other->digest, sizeof(one->digest));
}

static int compare_pointers(const void *one, const void *other)
{
    return lock_compare_items(*(const struct layer_item *const *)one,
                              *(const struct layer_item *const *)other);
}

void lock_sort_items(const struct layer_item **items, size_t count)
{
    size_t sorted = 1;
    while (sorted < count && lock_compare_items(items[sorted - 1], items[sorted]) <= 0)
        sorted++;
    if (sorted < count)
        qsort(items, count, sizeof(*items), compare_pointers);
}

/* Of items with one place; those alike follow each other. */
static bool digest_of(const struct layer_item *const *items, size_t count, struct hash *digest)
{
    *digest = items[0]->digest;
    if (lock_compare_items(items[0], items[count - 1]) == 0)
        return true;
    struct hash *all = malloc(count * sizeof(*all));
    size_t different = 0;
    for (size_t i = 0; all && i < count; i++)
        if (i == 0 || lock_compare_items(items[i - 1], items[i]) != 0)
            all[different++] = items[i]->digest;
    if (all)
        *digest = hash_bytes(shared_slice_of(all, different * sizeof(*all)));
    free(all);
    return all != NULL;
}

struct lock_state *lock_states_make(const struct layer_item *const *items, size_t count,
                                    struct shared_arena *arena, size_t *state_count)
{
    struct lock_state *states = shared_arena_alloc(arena, count * sizeof(*states));
    *state_count = 0;
    for (size_t start = 0, end; states && start < count; start = end) {
        for (end = start + 1; end < count && strcmp(items[start]->place, items[end]->place) == 0;)
            end++;
        struct lock_state *state = &states[(*state_count)++];
        state->place = items[start]->place;
        if (!digest_of(items + start, end - start, &state->digest))
            return NULL;
    }
    return states;
}
