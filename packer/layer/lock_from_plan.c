#include "layer/lock_plan.h"

#include "layer/lock_changes.h"
#include "layer/lock_order.h"

#include <stdlib.h>
#include <string.h>

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the lock");
}

static int compare_names(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static int compare_items(const void *one, const void *other)
{
    return lock_compare_items(one, other);
}

static int make_functions(const struct lock_plan *made, struct shared_arena *arena, struct lock_file *lock,
                          struct shared_error *err)
{
    size_t count = made->problem->function_count;
    lock->function_count = count;
    lock->functions = shared_arena_alloc(arena, count * sizeof(*lock->functions));
    if (!lock->functions)
        return no_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct layer_set *attached = &made->plan->attached[i];
        const char **layers = shared_arena_alloc(arena, attached->count * sizeof(*layers));
        if (!layers)
            return no_memory(err);
        for (size_t k = 0; k < attached->count; k++)
            layers[k] = made->plan->layers[attached->items[k]].name;
        lock->functions[i] = (struct lock_function){made->problem->functions[i].name, made->functions[i],
                                                    layers, attached->count};
    }
    qsort(lock->functions, count, sizeof(*lock->functions), compare_names);
    return 0;
}

/* The zip that was written, or that of the last lock: the name tells what is in a layer. */
static int find_zip(const struct lock_plan *made, size_t layer, struct lock_zip *zip,
                    struct shared_error *err)
{
    const char *name = made->plan->layers[layer].name;
    const struct lock_layer *last = lock_find_layer(made->last, name);
    *zip = made->layers[layer];
    if (*zip->sha256)
        return 0;
    if (!last)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "layer %s was not written, and the last lock does not have it", name);
    *zip = last->zip;
    return 0;
}

static int make_layer(const struct lock_plan *made, size_t number, struct shared_arena *arena,
                      struct lock_layer *layer, struct shared_error *err)
{
    const struct layer_set *set = &made->plan->layers[number].items;
    *layer = (struct lock_layer){.name = made->plan->layers[number].name, .item_count = set->count};
    layer->items = shared_arena_alloc(arena, set->count * sizeof(*layer->items));
    if (!layer->items)
        return no_memory(err);
    for (size_t i = 0; i < set->count; i++)
        layer->items[i] = made->problem->items[set->items[i]];
    qsort(layer->items, set->count, sizeof(*layer->items), compare_items);
    return find_zip(made, number, &layer->zip, err);
}

static int make_layers(const struct lock_plan *made, struct shared_arena *arena, struct lock_file *lock,
                       struct shared_error *err)
{
    int status = 0;
    lock->layer_count = made->plan->count;
    lock->layers = shared_arena_alloc(arena, lock->layer_count * sizeof(*lock->layers));
    if (!lock->layers)
        return no_memory(err);
    for (size_t i = 0; status == 0 && i < lock->layer_count; i++)
        status = make_layer(made, i, arena, &lock->layers[i], err);
    if (status == 0)
        qsort(lock->layers, lock->layer_count, sizeof(*lock->layers), compare_names);
    return status;
}

int lock_from_plan(const struct lock_plan *made, struct shared_arena *arena, struct lock_file *lock,
                   struct shared_error *err)
{
    *lock = (struct lock_file){.project = made->project,
                               .architecture = made->architecture,
                               .ledger = made->last->ledger,
                               .ledger_count = made->last->ledger_count};
    int status = make_functions(made, arena, lock, err);
    if (status == 0)
        status = make_layers(made, arena, lock, err);
    if (status == 0 && lock_changes_make(made->last, made->problem, arena, lock) < 0)
        status = no_memory(err);
    for (size_t i = 0; status == 0 && i < lock->layer_count; i++)
        for (size_t k = 0; k < lock->layers[i].item_count; k++) {
            struct layer_item *item = &lock->layers[i].items[k];
            const struct lock_change *change = lock_find_change(lock, item->place);
            item->changes = change ? change->count : 0;
        }
    return status;
}
