#include "layer/lock_changes.h"

#include "layer/lock_order.h"

#include <string.h>

/* States in the order of places, read from the first to the last. */
struct cursor {
    const struct lock_state *states;
    size_t count, at;
};

/* Items by place, and one state for each. */
static bool make_states(const struct layer_item **items, size_t count, struct shared_arena *arena,
                        struct cursor *cursor)
{
    lock_sort_items(items, count);
    *cursor = (struct cursor){0};
    cursor->states = lock_states_make(items, count, arena, &cursor->count);
    return cursor->states != NULL;
}

static bool of_layers(const struct lock_file *lock, struct shared_arena *arena, struct cursor *cursor)
{
    size_t count = 0;
    for (size_t i = 0; i < lock->layer_count; i++)
        count += lock->layers[i].item_count;
    const struct layer_item **items = shared_arena_alloc(arena, count * sizeof(*items));
    count = 0;
    for (size_t i = 0; items && i < lock->layer_count; i++)
        for (size_t k = 0; k < lock->layers[i].item_count; k++)
            items[count++] = &lock->layers[i].items[k];
    return items && make_states(items, count, arena, cursor);
}

static bool of_functions(const struct layer_problem *problem, struct shared_arena *arena,
                         struct cursor *cursor)
{
    bool *carried = shared_arena_alloc(arena, problem->item_count * sizeof(*carried));
    const struct layer_item **items = shared_arena_alloc(arena, problem->item_count * sizeof(*items));
    if (!carried || !items)
        return false;
    memset(carried, 0, problem->item_count * sizeof(*carried));
    for (size_t i = 0; i < problem->function_count; i++)
        for (size_t k = 0; k < problem->functions[i].items.count; k++)
            carried[problem->functions[i].items.items[k]] = true;
    size_t count = 0;
    for (size_t i = 0; i < problem->item_count; i++)
        if (carried[i])
            items[count++] = &problem->items[i];
    return make_states(items, count, arena, cursor);
}

/* The state at a place, NULL where there is none; places come in their order. */
static const struct lock_state *state_at(struct cursor *cursor, const char *place)
{
    int order = 1;
    while (cursor->at < cursor->count && (order = strcmp(cursor->states[cursor->at].place, place)) < 0)
        cursor->at++;
    return cursor->at < cursor->count && order == 0 ? &cursor->states[cursor->at] : NULL;
}

static bool differs(const struct hash *one, const struct hash *other)
{
    return memcmp(one, other, sizeof(*one)) != 0;
}

int lock_changes_make(const struct lock_file *last, const struct layer_problem *problem,
                      struct shared_arena *arena, struct lock_file *lock)
{
    struct cursor carried, layers, before;
    if (!of_functions(problem, arena, &carried) || !of_layers(lock, arena, &layers) ||
        !of_layers(last, arena, &before))
        return SHARED_ENOMEM;
    lock->change_count = 0;
    lock->changes = shared_arena_alloc(arena, carried.count * sizeof(*lock->changes));
    if (!lock->changes)
        return SHARED_ENOMEM;
    for (size_t i = 0; i < carried.count; i++) {
        const struct lock_state *now = &carried.states[i], *in_layer = state_at(&layers, now->place);
        const struct lock_state *was_in_layer = state_at(&before, now->place);
        const struct lock_change *known = lock_find_change(last, now->place);
        const struct hash *was = known ? &known->digest : was_in_layer ? &was_in_layer->digest : NULL;
        uint64_t count = (known ? known->count : 0) + (was && differs(was, &now->digest));
        if (count > 0 || (in_layer && differs(&in_layer->digest, &now->digest)))
            lock->changes[lock->change_count++] = (struct lock_change){now->place, count, now->digest};
    }
    return 0;
}
