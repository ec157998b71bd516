#include "layer/lock_plan.h"

#include "layer/lock_order.h"

#include <stdlib.h>
#include <string.h>

/* An item of a last layer, and its place in the problem's items. */
struct old_item {
    const struct layer_item *item;
    size_t layer, number;
};

struct transfer {
    const struct lock_file *lock;
    struct layer_problem *problem;
    struct shared_arena *arena;
    struct layer_item *items; /* of the problem, and those that are added */
    size_t item_count;
    struct layer_planned *last;
};

static int compare_old(const void *one, const void *other)
{
    const struct old_item *a = one, *b = other;
    int order = lock_compare_items(a->item, b->item);
    return order ? order : (a->layer > b->layer) - (a->layer < b->layer);
}

static int compare_numbers(const void *one, const void *other)
{
    size_t a = *(const size_t *)one, b = *(const size_t *)other;
    return (a > b) - (a < b);
}

static size_t count_old(const struct lock_file *lock)
{
    size_t count = 0;
    for (size_t i = 0; i < lock->layer_count; i++)
        count += lock->layers[i].item_count;
    return count;
}

static struct old_item *list_old(const struct transfer *transfer, size_t count)
{
    struct old_item *old = shared_arena_alloc(transfer->arena, count * sizeof(*old));
    size_t number = 0;
    for (size_t i = 0; old && i < transfer->lock->layer_count; i++)
        for (size_t k = 0; k < transfer->lock->layers[i].item_count; k++)
            old[number++] = (struct old_item){&transfer->lock->layers[i].items[k], i, 0};
    if (old && count)
        qsort(old, count, sizeof(*old), compare_old);
    return old;
}

/* Gives each old item its number: both lists are sorted; what nobody carries is added once. */
static void match(struct transfer *transfer, struct old_item *old, size_t old_count,
                  const struct layer_item *const *sorted)
{
    size_t known = transfer->problem->item_count, at = 0;
    for (size_t i = 0; i < old_count; i++) {
        while (at < known && lock_compare_items(sorted[at], old[i].item) < 0)
            at++;
        if (at < known && lock_compare_items(sorted[at], old[i].item) == 0) {
            old[i].number = (size_t)(sorted[at] - transfer->problem->items);
        } else if (i > 0 && lock_compare_items(old[i - 1].item, old[i].item) == 0) {
            old[i].number = old[i - 1].number;
        } else {
            old[i].number = transfer->item_count;
            transfer->items[transfer->item_count++] = *old[i].item;
        }
    }
}

static void fill_layers(struct transfer *transfer, const struct old_item *old, size_t old_count,
                        size_t *numbers)
{
    for (size_t i = 0; i < transfer->lock->layer_count; i++) {
        const struct lock_layer *layer = &transfer->lock->layers[i];
        transfer->last[i] = (struct layer_planned){.name = layer->name,
                                                   .items = {numbers, 0},
                                                   .zip_bytes = layer->zip.zip_bytes,
                                                   .unzipped_bytes = layer->zip.unzipped_bytes,
                                                   .kept = true};
        numbers += layer->item_count;
    }
    for (size_t i = 0; i < old_count; i++) {
        struct layer_set *set = &transfer->last[old[i].layer].items;
        set->items[set->count++] = old[i].number;
    }
    for (size_t i = 0; i < transfer->lock->layer_count; i++)
        qsort(transfer->last[i].items.items, transfer->last[i].items.count, sizeof(size_t), compare_numbers);
}

static int transfer_items(struct transfer *transfer)
{
    struct layer_problem *problem = transfer->problem;
    size_t count = problem->item_count, old_count = count_old(transfer->lock);
    struct shared_arena *arena = transfer->arena;
    const struct layer_item **sorted = shared_arena_alloc(arena, count * sizeof(*sorted));
    struct old_item *old = list_old(transfer, old_count);
    size_t *numbers = shared_arena_alloc(arena, old_count * sizeof(*numbers));
    transfer->items = shared_arena_alloc(arena, (count + old_count) * sizeof(*transfer->items));
    transfer->last = shared_arena_alloc(arena, transfer->lock->layer_count * sizeof(*transfer->last));
    if (!sorted || !old || !numbers || !transfer->items || !transfer->last)
        return SHARED_ENOMEM;
    if (count)
        memcpy(transfer->items, problem->items, count * sizeof(*transfer->items));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &problem->items[i];
    lock_sort_items(sorted, count);
    transfer->item_count = count;
    match(transfer, old, old_count, sorted);
    fill_layers(transfer, old, old_count, numbers);
    for (size_t i = 0; i < transfer->item_count; i++) {
        const struct lock_change *change = lock_find_change(transfer->lock, transfer->items[i].place);
        transfer->items[i].changes = change ? change->count : 0;
    }
    return 0;
}

static int attach(struct transfer *transfer, const struct lock_function *function, struct layer_set *set)
{
    set->items = shared_arena_alloc(transfer->arena, function->layer_count * sizeof(*set->items));
    if (!set->items)
        return SHARED_ENOMEM;
    for (size_t i = 0; i < function->layer_count; i++) {
        const struct lock_layer *layer = lock_find_layer(transfer->lock, function->layers[i]);
        size_t number = (size_t)(layer - transfer->lock->layers);
        set->items[set->count++] = number;
        transfer->last[number].users++;
    }
    qsort(set->items, set->count, sizeof(*set->items), compare_numbers);
    return 0;
}

int lock_to_plan(const struct lock_file *lock, struct layer_problem *problem, struct shared_arena *arena,
                 struct shared_error *err)
{
    if (lock->layer_count == 0 && lock->change_count == 0)
        return 0;
    struct transfer transfer = {.lock = lock, .problem = problem, .arena = arena};
    struct layer_set *attached = shared_arena_alloc(arena, problem->function_count * sizeof(*attached));
    int status = attached ? transfer_items(&transfer) : SHARED_ENOMEM;
    for (size_t i = 0; status == 0 && i < problem->function_count; i++) {
        const struct lock_function *function = lock_find_function(lock, problem->functions[i].name);
        attached[i] = (struct layer_set){0};
        if (function)
            status = attach(&transfer, function, &attached[i]);
    }
    if (status < 0)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the last plan of layers");
    problem->items = transfer.items;
    problem->item_count = transfer.item_count;
    problem->last = transfer.last;
    problem->last_count = lock->layer_count;
    problem->last_attached = attached;
    return 0;
}
