#include "layer/layer_digest.h"

#include <stdlib.h>
#include <string.h>

struct making {
    const struct manifest *manifest;
    const struct package *packages;
    const struct layer_items *items;
    const struct layer_plan *plan;
    struct shared_arena *arena;
    bool *attached; /* of each item: some layer of the function at hand has it */
    bool *kept;     /* of each item: its own zip carries it */
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to lay out layers");
}

static void mark_set(const struct layer_set *set, size_t limit, bool value, bool *marks)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i] < limit)
            marks[set->items[i]] = value;
}

/* Marks, or unmarks, what the layers of a function and its own zip have. */
static void mark_function(const struct layer_items *items, const struct layer_plan *plan, size_t function,
                          bool value, bool *attached, bool *kept)
{
    const struct layer_set *layers = &plan->attached[function];
    for (size_t i = 0; i < layers->count; i++)
        mark_set(&plan->layers[layers->items[i]].items, items->count, value, attached);
    mark_set(&plan->stays[function], items->count, value, kept);
}

static uint64_t sum_of_sizes(const struct package *package)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < package->count; i++)
        if (__builtin_add_overflow(sum, package->entries[i].size_bytes, &sum))
            return UINT64_MAX;
    return sum;
}

/* A function's package without what its layers have. */
static int make_function(const struct making *making, size_t function, struct package *made,
                         struct shared_error *err)
{
    const struct package *package = &making->packages[function];
    const struct layer_holding *holding = &making->items->functions[function];
    bool *gone = shared_arena_alloc(making->arena, package->count + 1);
    struct package_entry *entries = shared_arena_alloc(making->arena, package->count * sizeof(*entries));
    if (!gone || !entries)
        return no_memory(err);
    memset(gone, 0, package->count + 1);
    mark_function(making->items, making->plan, function, true, making->attached, making->kept);
    for (size_t i = 0; i < holding->count; i++) {
        const struct layer_carried *carried = &holding->carried[i];
        for (size_t k = 0; k < carried->count; k++)
            gone[carried->entries[k]] = making->attached[carried->item] && !making->kept[carried->item];
    }
    mark_function(making->items, making->plan, function, false, making->attached, making->kept);
    *made = (struct package){.entries = entries};
    for (size_t i = 0; i < package->count; i++)
        if (!gone[i])
            entries[made->count++] = package->entries[i];
    made->unzipped_bytes = sum_of_sizes(made);
    return 0;
}

/* Who carries each item: the first function does, for all have the same of it. */
struct carrier {
    const struct package *package;
    const struct layer_carried *carried;
};

static struct carrier *find_carriers(const struct making *making)
{
    size_t count = making->items->count;
    struct carrier *carriers = shared_arena_alloc(making->arena, (count + 1) * sizeof(*carriers));
    if (!carriers)
        return NULL;
    memset(carriers, 0, (count + 1) * sizeof(*carriers));
    for (size_t i = making->manifest->function_count; i-- > 0;) {
        const struct layer_holding *holding = &making->items->functions[i];
        for (size_t k = 0; k < holding->count; k++)
            carriers[holding->carried[k].item] = (struct carrier){&making->packages[i], &holding->carried[k]};
    }
    return carriers;
}

static int by_place(const void *a, const void *b)
{
    return strcmp(((const struct package_entry *)a)->place, ((const struct package_entry *)b)->place);
}

static int add_item(const struct making *making, const struct carrier *carrier, struct package *layer,
                    struct shared_error *err)
{
    for (size_t i = 0; i < carrier->carried->count; i++) {
        struct package_entry *entry = &layer->entries[layer->count++];
        *entry = carrier->package->entries[carrier->carried->entries[i]];
        entry->place =
            layer_entry_place(making->items->kinds[carrier->carried->item], entry->place, making->arena);
        if (!entry->place)
            return no_memory(err);
    }
    return 0;
}

static int make_layer(const struct making *making, const struct carrier *carriers,
                      const struct layer_planned *planned, struct package *layer, struct shared_error *err)
{
    const struct layer_set *set = &planned->items;
    size_t count = 0;
    int status = 0;
    *layer = (struct package){0};
    for (size_t i = 0; i < set->count; i++)
        count += carriers[set->items[i]].carried->count;
    layer->entries = shared_arena_alloc(making->arena, count * sizeof(*layer->entries));
    if (!layer->entries)
        return no_memory(err);
    for (size_t i = 0; status == 0 && i < set->count; i++)
        status = add_item(making, &carriers[set->items[i]], layer, err);
    if (layer->count)
        qsort(layer->entries, layer->count, sizeof(*layer->entries), by_place);
    layer->unzipped_bytes = sum_of_sizes(layer);
    return status;
}

int layer_packages_make(const struct manifest *manifest, const struct package *packages,
                        const struct layer_items *items, const struct layer_plan *plan,
                        struct shared_arena *arena, struct package *functions, struct package *layers,
                        struct shared_error *err)
{
    struct making making = {manifest, packages, items, plan, arena, NULL, NULL};
    making.attached = shared_arena_alloc(arena, items->count + 1);
    making.kept = shared_arena_alloc(arena, items->count + 1);
    const struct carrier *carriers = find_carriers(&making);
    int status = 0;
    if (!making.attached || !making.kept || !carriers)
        return no_memory(err);
    memset(making.attached, 0, items->count + 1);
    memset(making.kept, 0, items->count + 1);
    for (size_t i = 0; status == 0 && i < manifest->function_count; i++)
        status = make_function(&making, i, &functions[i], err);
    for (size_t i = 0; status == 0 && i < plan->count; i++)
        status = make_layer(&making, carriers, &plan->layers[i], &layers[i], err);
    return status;
}
