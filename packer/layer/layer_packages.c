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

static int set_stays(const struct layer_holding *holding, const bool *kept, struct shared_arena *arena,
                     struct layer_set *stays, struct shared_error *err)
{
    stays->items = shared_arena_alloc(arena, holding->count * sizeof(*stays->items));
    stays->count = 0;
    if (!stays->items)
        return no_memory(err);
    for (size_t i = 0; i < holding->count; i++)
        if (kept[holding->carried[i].item])
            stays->items[stays->count++] = holding->carried[i].item;
    return 0;
}

/* Who needs each item: of item i, list + begin[i] to list + begin[i + 1]. */
struct closing {
    const struct layer_items *items;
    struct shared_arena *arena;
    size_t *begin, *list, *queue;
    bool *attached, *kept, *carried; /* by the function at hand */
};

static bool list_needers(struct closing *closing)
{
    const struct layer_items *items = closing->items;
    size_t edges = 0;
    for (size_t i = 0; i < items->count; i++)
        edges += items->needs[i].count;
    closing->begin = shared_arena_alloc(closing->arena, (items->count + 2) * sizeof(*closing->begin));
    closing->list = shared_arena_alloc(closing->arena, edges * sizeof(*closing->list));
    if (!closing->begin || !closing->list)
        return false;
    memset(closing->begin, 0, (items->count + 2) * sizeof(*closing->begin));
    for (size_t i = 0; i < items->count; i++)
        for (size_t k = 0; k < items->needs[i].count; k++)
            closing->begin[items->needs[i].items[k] + 2]++;
    for (size_t i = 2; i < items->count + 2; i++)
        closing->begin[i] += closing->begin[i - 1];
    for (size_t i = 0; i < items->count; i++)
        for (size_t k = 0; k < items->needs[i].count; k++)
            closing->list[closing->begin[items->needs[i].items[k] + 1]++] = i;
    return true;
}

/* Gives items back to the zip until each that is left in layers finds there what it needs. */
static int close_function(struct closing *closing, size_t function, struct layer_plan *plan,
                          struct shared_error *err)
{
    const struct layer_holding *holding = &closing->items->functions[function];
    size_t count = 0, before;
    for (size_t i = 0; i < holding->count; i++) {
        size_t item = holding->carried[i].item;
        closing->carried[item] = true;
        if (closing->kept[item] || !closing->attached[item])
            closing->queue[count++] = item;
    }
    before = count;
    for (size_t done = 0; done < count; done++)
        for (size_t k = closing->begin[closing->queue[done]]; k < closing->begin[closing->queue[done] + 1];
             k++) {
            size_t item = closing->list[k];
            if (!closing->carried[item] || closing->kept[item] || !closing->attached[item])
                continue;
            closing->kept[item] = true;
            closing->queue[count++] = item;
            plan->stored_bytes += layer_item_own_bytes(&closing->items->items[item]);
        }
    for (size_t i = 0; i < holding->count; i++)
        closing->carried[holding->carried[i].item] = false;
    return count > before ? set_stays(holding, closing->kept, closing->arena, &plan->stays[function], err)
                          : 0;
}

int layer_plan_close(const struct layer_items *items, size_t function_count, struct shared_arena *arena,
                     struct layer_plan *plan, struct shared_error *err)
{
    struct closing closing = {.items = items, .arena = arena};
    int status = 0;
    closing.attached = shared_arena_alloc(arena, 3 * (items->count + 1));
    closing.queue = shared_arena_alloc(arena, items->count * sizeof(*closing.queue));
    if (!closing.attached || !closing.queue || !list_needers(&closing))
        return no_memory(err);
    memset(closing.attached, 0, 3 * (items->count + 1));
    closing.kept = closing.attached + items->count + 1;
    closing.carried = closing.kept + items->count + 1;
    for (size_t i = 0; status == 0 && i < function_count; i++) {
        mark_function(items, plan, i, true, closing.attached, closing.kept);
        status = close_function(&closing, i, plan, err);
        mark_function(items, plan, i, false, closing.attached, closing.kept);
    }
    return status;
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
