#include "layer/layer_name.h"
#include "layer/layer_use.h"

#include <stdlib.h>
#include <xxhash.h>

struct finish {
    const struct layer_net *net;
    const struct layer_state *state;
    struct shared_arena *scratch, *arena;
    struct layer_plan *plan;
    const char **names; /* by their texts, open addressing: of the last plan's layers and of this one's */
    size_t mask;
};

static bool is_taken(const struct finish *finish, const char *name)
{
    for (size_t at = XXH3_64bits(name, strlen(name)) & finish->mask; finish->names[at];
         at = (at + 1) & finish->mask)
        if (strcmp(finish->names[at], name) == 0)
            return true;
    return false;
}

static void take_name(struct finish *finish, const char *name)
{
    size_t at = XXH3_64bits(name, strlen(name)) & finish->mask;
    while (finish->names[at])
        at = (at + 1) & finish->mask;
    finish->names[at] = name;
}

static bool is_same(const struct layer_draft *draft, const struct layer_set *set)
{
    if (draft->count != set->count)
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (draft->items[i] != set->items[i])
            return false;
    return true;
}

/* The layer of the last plan that a draft is; LAYER_NONE where it is none. */
static size_t find_last(const struct layer_problem *problem, const struct layer_draft *draft)
{
    if (draft->last != LAYER_NONE)
        return draft->last;
    for (size_t l = 0; l < problem->last_count; l++)
        if (is_same(draft, &problem->last[l].items))
            return l;
    return LAYER_NONE;
}

/* A new layer's name; longer where another layer of this plan or the last one has it. */
static char *find_name(const struct finish *finish, const struct layer_set *set)
{
    const struct layer_problem *problem = finish->net->problem;
    for (unsigned digits = LAYER_NAME_DIGITS; digits < HASH_TEXT_BYTES; digits++) {
        char *name =
            layer_name_long(problem->project, problem->items, set, digits, finish->scratch, finish->arena);
        if (!name || !is_taken(finish, name))
            return name;
    }
    return NULL;
}

static bool copy_items(const struct finish *finish, const struct layer_draft *draft,
                       struct layer_planned *layer)
{
    const struct layer_item *items = finish->net->problem->items;
    layer->items =
        (struct layer_set){layer_zeroed(finish->arena, draft->count, sizeof(size_t)), draft->count};
    layer->zip_bytes = finish->net->problem->layer_overhead_bytes;
    for (size_t i = 0; layer->items.items && i < draft->count; i++) {
        layer->items.items[i] = draft->items[i];
        layer->zip_bytes = layer_sum(layer->zip_bytes, items[draft->items[i]].zip_bytes);
        layer->unzipped_bytes = layer_sum(layer->unzipped_bytes, items[draft->items[i]].unzipped_bytes);
    }
    return layer->items.items != NULL;
}

/* Layers of the last plan keep their names, whatever those are: they are published under them. */
static bool keep_names(struct finish *finish)
{
    const struct layer_problem *problem = finish->net->problem;
    size_t size = 16;
    while (size < 2 * (finish->state->count + problem->last_count))
        size *= 2;
    finish->mask = size - 1;
    finish->names = layer_zeroed(finish->scratch, size, sizeof(*finish->names));
    bool *given = layer_zeroed(finish->scratch, problem->last_count, sizeof(*given));
    if (!finish->names || !given)
        return false;
    for (size_t l = 0; l < problem->last_count; l++) {
        const char *name = problem->last[l].name;
        given[l] = name && !is_taken(finish, name);
        if (given[l])
            take_name(finish, name);
    }
    for (size_t l = 0; l < finish->state->count; l++) {
        size_t last = find_last(problem, &finish->state->layers[l]);
        struct layer_planned *layer = &finish->plan->layers[l];
        if (!copy_items(finish, &finish->state->layers[l], layer))
            return false;
        if (last == LAYER_NONE || !given[last])
            continue;
        layer->name = problem->last[last].name;
        layer->kept = true;
        given[last] = false;
    }
    return true;
}

static bool name_new(struct finish *finish)
{
    for (size_t l = 0; l < finish->state->count; l++) {
        struct layer_planned *layer = &finish->plan->layers[l];
        if (layer->kept)
            continue;
        layer->name = find_name(finish, &layer->items);
        if (!layer->name)
            return false;
        take_name(finish, layer->name);
        finish->plan->publish_bytes = layer_sum(finish->plan->publish_bytes, layer->zip_bytes);
    }
    return true;
}

struct sorted {
    struct layer_planned layer;
    uint32_t from;
};

static int compare_layers(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = strcmp(x->layer.name, y->layer.name);
    return order ? order : x->from < y->from ? -1 : x->from > y->from;
}

static int compare_places(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static bool sort_layers(const struct finish *finish)
{
    const struct layer_state *state = finish->state;
    struct layer_plan *plan = finish->plan;
    struct sorted *sorted = layer_zeroed(finish->scratch, plan->count, sizeof(*sorted));
    size_t *moved = layer_zeroed(finish->scratch, plan->count, sizeof(*moved));
    if (!sorted || !moved)
        return false;
    for (uint32_t l = 0; l < plan->count; l++)
        sorted[l] = (struct sorted){plan->layers[l], l};
    qsort(sorted, plan->count, sizeof(*sorted), compare_layers);
    for (size_t l = 0; l < plan->count; l++) {
        plan->layers[l] = sorted[l].layer;
        moved[sorted[l].from] = l;
    }
    for (size_t rank = 0; rank < finish->net->function_count; rank++) {
        struct layer_set *attached = &plan->attached[finish->net->order[rank]];
        attached->count = state->attached_count[rank];
        attached->items = layer_zeroed(finish->arena, attached->count, sizeof(size_t));
        if (!attached->items)
            return false;
        for (size_t i = 0; i < attached->count; i++) {
            attached->items[i] = moved[state->attached[rank][i]];
            plan->layers[attached->items[i]].users++;
        }
        qsort(attached->items, attached->count, sizeof(size_t), compare_places);
    }
    return true;
}

/* Whether the zip of the function of a rank, for which layered is set, and needs are marked, has what that carries. */
static bool is_staying(const struct layer_net *net, const uint32_t *layered, uint32_t rank, size_t item)
{
    return net->use ? !layer_use_has(net->use, item) : layered[item] != rank + 1;
}

/* What each function carries itself. */
static bool list_stays(const struct finish *finish)
{
    const struct layer_net *net = finish->net;
    uint32_t *layered = layer_zeroed(finish->scratch, net->item_count, sizeof(*layered)); /* rank + 1 */
    if (!layered)
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        for (unsigned i = 0; i < finish->state->attached_count[rank]; i++) {
            const struct layer_draft *layer = &finish->state->layers[finish->state->attached[rank][i]];
            for (size_t j = 0; j < layer->count; j++)
                layered[layer->items[j]] = rank + 1;
        }
        if (net->use)
            layer_use_mark(net, finish->state, rank, LAYER_NO, NULL);
        const struct layer_set *carried = layer_carried_by(net, rank);
        struct layer_set *stays = &finish->plan->stays[net->order[rank]];
        for (size_t i = 0; i < carried->count; i++)
            stays->count += is_staying(net, layered, rank, carried->items[i]);
        stays->items = layer_zeroed(finish->arena, stays->count, sizeof(size_t));
        if (!stays->items)
            return false;
        size_t at = 0;
        for (size_t i = 0; i < carried->count; i++)
            if (is_staying(net, layered, rank, carried->items[i]))
                stays->items[at++] = carried->items[i];
    }
    return true;
}

static bool add_up(const struct finish *finish)
{
    const struct layer_problem *problem = finish->net->problem;
    struct layer_plan *plan = finish->plan;
    bool *seen = layer_zeroed(finish->scratch, problem->item_count, sizeof(*seen));
    if (!seen)
        return false;
    for (size_t f = 0; f < problem->function_count; f++) {
        const struct layer_function *function = &problem->functions[f];
        plan->unshared_bytes = layer_sum(plan->unshared_bytes, function->rest_zip_bytes);
        plan->bound_bytes = layer_sum(plan->bound_bytes, function->rest_zip_bytes);
        for (size_t i = 0; i < function->items.count; i++) {
            size_t item = function->items.items[i];
            uint64_t own = layer_item_own_bytes(&problem->items[item]);
            plan->unshared_bytes = layer_sum(plan->unshared_bytes, own);
            if (!seen[item])
                plan->bound_bytes = layer_sum(plan->bound_bytes, own);
            seen[item] = true;
        }
    }
    return layer_state_stored(finish->net, finish->state, finish->scratch, &plan->stored_bytes);
}

bool layer_finish(const struct layer_net *net, const struct layer_state *state, struct shared_arena *scratch,
                  struct shared_arena *arena, struct layer_plan *plan)
{
    struct finish finish = {net, state, scratch, arena, plan, NULL, 0};
    plan->count = state->count;
    plan->layers = layer_zeroed(arena, state->count, sizeof(*plan->layers));
    plan->attached = layer_zeroed(arena, net->function_count, sizeof(*plan->attached));
    plan->stays = layer_zeroed(arena, net->function_count, sizeof(*plan->stays));
    return plan->layers && plan->attached && plan->stays && keep_names(&finish) && name_new(&finish) &&
           sort_layers(&finish) && list_stays(&finish) && add_up(&finish);
}
