#include "layer/layer_items.h"

#include "base/cleanup.h"
#include "layer/layer_digest.h"

#include <stdlib.h>
#include <string.h>

/* What is known of all functions while they are looked through. */
struct finding {
    const struct manifest *manifest;
    const struct package *packages;
    struct shared_arena *arena, *scratch;
    struct layer_known known;
    struct layer_work *works;
    struct layer_items *items;
    struct layer_index index; /* of items, by digest */
    size_t capacity;
};

static int mark(struct layer_work *work, struct shared_error *err)
{
    int status = layer_node_mark(work, err);
    if (status == 0)
        status = layer_python_mark(work, err);
    if (status == 0)
        status = layer_libraries_mark(work, err);
    if (status == 0)
        status = layer_assets_mark(work, err);
    if (status == 0)
        status = layer_origins_mark(work, err);
    if (status == 0)
        status = layer_links_mark(work, err);
    if (status == 0)
        layer_fixed_mark(work);
    if (status == 0)
        status = layer_needs_mark(work, err);
    return status < 0 ? status : layer_empty_mark(work, err);
}

static int look_through(struct finding *finding, size_t function, struct shared_error *err)
{
    struct layer_work *work = &finding->works[function];
    size_t count = finding->packages[function].count;
    *work = (struct layer_work){.function = &finding->manifest->functions[function],
                                .package = &finding->packages[function],
                                .arena = finding->arena,
                                .known = &finding->known};
    work->unit_of = shared_arena_alloc(finding->scratch, (count + 1) * sizeof(*work->unit_of));
    work->why = shared_arena_alloc(finding->scratch, (count + 1) * sizeof(*work->why));
    if (!work->unit_of || !work->why)
        return layer_unit_no_memory(err);
    for (size_t i = 0; i < count; i++)
        work->unit_of[i] = LAYER_NONE;
    memset(work->why, 0, (count + 1) * sizeof(*work->why));
    return mark(work, err);
}

/* The item of that place, content and needs, new where there is none. */
static int take_item(struct finding *finding, const struct layer_found *found, size_t *item,
                     struct shared_error *err)
{
    struct layer_items *items = finding->items;
    uint64_t key;
    memcpy(&key, found->item.digest.bytes, sizeof(key));
    for (size_t at = 0; (*item = layer_index_next(&finding->index, key, &at)) != LAYER_NONE;) {
        const struct layer_item *known = &items->items[*item];
        if (memcmp(&known->digest, &found->item.digest, sizeof(known->digest)) == 0 &&
            strcmp(known->place, found->item.place) == 0)
            return 0;
    }
    if (items->count == finding->capacity) {
        size_t capacity = finding->capacity ? 2 * finding->capacity : 256, old = finding->capacity;
        struct layer_item *list =
            shared_arena_resize(finding->arena, items->items, old * sizeof(*list), capacity * sizeof(*list));
        if (list)
            items->items = list;
        enum layer_kind *kinds = shared_arena_resize(finding->arena, items->kinds, old * sizeof(*kinds),
                                                     capacity * sizeof(*kinds));
        if (kinds)
            items->kinds = kinds;
        struct layer_set *needs = shared_arena_resize(finding->arena, items->needs, old * sizeof(*needs),
                                                      capacity * sizeof(*needs));
        if (!list || !kinds || !needs)
            return layer_unit_no_memory(err);
        items->needs = needs;
        finding->capacity = capacity;
    }
    *item = items->count++;
    items->items[*item] = found->item;
    items->kinds[*item] = found->kind;
    items->needs[*item] = (struct layer_set){NULL, 0};
    return layer_index_add(&finding->index, key, *item, err);
}

/* What an item needs is the same wherever it is carried: its digest has it. */
static int take_needs(struct finding *finding, const struct layer_holding *holding,
                      const struct layer_found *found, size_t at, struct shared_error *err)
{
    struct layer_set *needs = &finding->items->needs[holding->carried[at].item];
    if (needs->items || found[at].need_count == 0)
        return 0;
    needs->items = shared_arena_alloc(finding->arena, found[at].need_count * sizeof(*needs->items));
    if (!needs->items)
        return layer_unit_no_memory(err);
    for (size_t i = 0; i < found[at].need_count; i++)
        needs->items[needs->count++] = holding->carried[found[at].needs[i]].item;
    return 0;
}

static int take_function(struct finding *finding, size_t function, struct shared_error *err)
{
    struct layer_holding *holding = &finding->items->functions[function];
    struct layer_found *found;
    size_t count;
    int status = layer_found_make(&finding->works[function], &found, &count, err);
    if (status < 0)
        return status;
    holding->carried = shared_arena_alloc(finding->arena, count * sizeof(*holding->carried));
    if (!holding->carried)
        return layer_unit_no_memory(err);
    for (size_t i = 0; status == 0 && i < count; i++) {
        struct layer_carried *carried = &holding->carried[holding->count++];
        *carried = found[i].carried;
        status = take_item(finding, &found[i], &carried->item, err);
    }
    for (size_t i = 0; status == 0 && i < count; i++)
        status = take_needs(finding, holding, found, i, err);
    return status < 0 ? status : layer_stays_make(&finding->works[function], holding, err);
}

struct row {
    struct layer_item item;
    enum layer_kind kind;
    struct layer_set needs;
    size_t before;
};

static int by_place(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    int order = strcmp(left->item.place, right->item.place);
    return order ? order : memcmp(&left->item.digest, &right->item.digest, sizeof(left->item.digest));
}

static int by_item(const void *a, const void *b)
{
    size_t left = ((const struct layer_carried *)a)->item, right = ((const struct layer_carried *)b)->item;
    return (left > right) - (left < right);
}

static int by_number(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

static void renumber(struct layer_items *items, size_t functions, const size_t *now)
{
    for (size_t i = 0; i < items->count; i++) {
        struct layer_set *needs = &items->needs[i];
        for (size_t k = 0; k < needs->count; k++)
            needs->items[k] = now[needs->items[k]];
        if (needs->count)
            qsort(needs->items, needs->count, sizeof(*needs->items), by_number);
    }
    for (size_t i = 0; i < functions; i++) {
        struct layer_holding *holding = &items->functions[i];
        for (size_t k = 0; k < holding->count; k++)
            holding->carried[k].item = now[holding->carried[k].item];
        qsort(holding->carried, holding->count, sizeof(*holding->carried), by_item);
    }
}

/* By place, then digest: an order that no machine's walk has a part in. */
static int sort_items(struct finding *finding, struct shared_error *err)
{
    struct layer_items *items = finding->items;
    struct row *rows = shared_arena_alloc(finding->scratch, items->count * sizeof(*rows));
    size_t *now = shared_arena_alloc(finding->scratch, items->count * sizeof(*now));
    if (!rows || !now)
        return layer_unit_no_memory(err);
    for (size_t i = 0; i < items->count; i++)
        rows[i] = (struct row){items->items[i], items->kinds[i], items->needs[i], i};
    qsort(rows, items->count, sizeof(*rows), by_place);
    for (size_t i = 0; i < items->count; i++) {
        items->items[i] = rows[i].item;
        items->kinds[i] = rows[i].kind;
        items->needs[i] = rows[i].needs;
        now[rows[i].before] = i;
    }
    renumber(items, finding->manifest->function_count, now);
    return 0;
}

static int find(struct finding *finding, struct shared_error *err)
{
    size_t count = finding->manifest->function_count;
    finding->works = shared_arena_alloc(finding->scratch, count * sizeof(*finding->works));
    finding->items->functions =
        shared_arena_alloc(finding->arena, count * sizeof(*finding->items->functions));
    if (!finding->works || !finding->items->functions)
        return layer_unit_no_memory(err);
    memset(finding->items->functions, 0, count * sizeof(*finding->items->functions));
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = look_through(finding, i, err);
    if (status == 0)
        status = layer_units_join(finding->works, count, finding->scratch, err);
    for (size_t i = 0; status == 0 && i < count; i++)
        status = take_function(finding, i, err);
    return status < 0 ? status : sort_items(finding, err);
}

int layer_items_find(const struct manifest *manifest, const struct package *packages,
                     struct shared_arena *arena, struct layer_items *items, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    *items = (struct layer_items){0};
    struct finding finding = {.manifest = manifest,
                              .packages = packages,
                              .arena = arena,
                              .scratch = &scratch,
                              .known = {.arena = &scratch},
                              .items = items,
                              .index = {.arena = &scratch}};
    return find(&finding, err);
}
