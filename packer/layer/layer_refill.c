#include "layer/layer_refill.h"

#include "layer/layer_use.h"

#include <stdlib.h>

#define SEEDS 256 /* classes of which layers are made in one round */

/* Of one function: what it carries itself. */
struct carrier {
    uint32_t rank;
    size_t first, count;
};

struct carried {
    struct carrier *carriers;
    size_t count;
    uint32_t *items; /* of all carriers */
    size_t item_count;
};

static bool has_room(const struct layer_net *net, const struct layer_state *state, uint32_t rank)
{
    return state->attached_count[rank] < net->slots[rank];
}

/* Of what could come from one more layer, that of which what it needs could too, or does. */
static void keep_usable(const struct layer_net *net, const struct layer_state *state, struct carrier *carrier,
                        uint32_t *items)
{
    const struct layer_draft all = {.items = items, .count = carrier->count, .last = LAYER_NONE};
    layer_use_mark(net, state, carrier->rank, LAYER_NO, &all);
    carrier->count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (layer_use_has(net->use, items[i]))
            items[carrier->count++] = items[i];
}

static bool list_carried(const struct layer_net *net, const struct layer_state *state, bool room,
                         struct shared_arena *scratch, struct carried *carried)
{
    size_t most = 0;
    for (uint32_t rank = 0; rank < net->function_count; rank++)
        if (net->slots[rank] > 0 && (!room || has_room(net, state, rank)))
            most += layer_carried_by(net, rank)->count;
    struct layer_marks marks;
    *carried =
        (struct carried){.carriers = layer_zeroed(scratch, net->function_count, sizeof(struct carrier)),
                         .items = layer_zeroed(scratch, most, sizeof(uint32_t))};
    if (!carried->carriers || !carried->items || !layer_marks_init(net, scratch, &marks))
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        if (net->slots[rank] == 0 || (room && !has_room(net, state, rank)))
            continue;
        struct carrier *carrier = &carried->carriers[carried->count++];
        *carrier = (struct carrier){rank, carried->item_count, 0};
        layer_marks_set(net, state, rank, &marks);
        const struct layer_set *set = layer_carried_by(net, rank);
        for (size_t i = 0; i < set->count; i++)
            if (layer_marks_may_move(net, &marks, rank, (uint32_t)set->items[i]))
                carried->items[carrier->first + carrier->count++] = (uint32_t)set->items[i];
        if (net->use)
            keep_usable(net, state, carrier, carried->items + carrier->first);
        carried->item_count += carrier->count;
    }
    return true;
}

bool layer_refill_users(const struct layer_net *net, const struct layer_state *state, bool room,
                        struct shared_arena *scratch, struct layer_users *users)
{
    struct carried carried;
    if (!list_carried(net, state, room, scratch, &carried))
        return false;
    size_t *begin = users->begin = layer_zeroed(scratch, net->item_count + 2, sizeof(*begin));
    users->list = layer_zeroed(scratch, carried.item_count, sizeof(*users->list));
    if (!begin || !users->list)
        return false;
    for (size_t i = 0; i < carried.item_count; i++)
        begin[carried.items[i] + 2]++;
    for (size_t i = 2; i < net->item_count + 2; i++)
        begin[i] += begin[i - 1];
    for (size_t c = 0; c < carried.count; c++)
        for (size_t i = 0; i < carried.carriers[c].count; i++)
            users->list[begin[carried.items[carried.carriers[c].first + i] + 1]++] = carried.carriers[c].rank;
    return true;
}

static int compare_items(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

struct refill {
    const struct layer_net *net;
    struct layer_classes classes;
    uint32_t *met, *touched; /* of each class: users of the new layer that carry it */
    bool *taken;             /* of each rank: it attaches a new layer since classes were made */
};

/* The classes that all users of one carry; returns how many, weight is theirs. */
static size_t find_company(struct refill *refill, const struct layer_class *class, uint64_t *weight)
{
    const struct layer_classes *classes = &refill->classes;
    size_t touched = 0, company = 0;
    for (uint32_t i = 0; i < class->user_count; i++)
        for (size_t j = classes->of_begin[class->users[i]]; j < classes->of_begin[class->users[i] + 1]; j++)
            if (refill->met[classes->of_list[j]]++ == 0)
                refill->touched[touched++] = classes->of_list[j];
    *weight = 0;
    for (size_t i = 0; i < touched; i++) {
        uint32_t c = refill->touched[i];
        if (refill->met[c] == class->user_count && classes->list[c].bucket == class->bucket) {
            refill->touched[company++] = c;
            *weight += classes->list[c].weight;
        }
        refill->met[c] = 0;
    }
    return company;
}

static bool add_layer(struct refill *refill, const struct layer_class *class, size_t company,
                      struct shared_arena *arena, struct layer_state *state)
{
    struct layer_draft draft = {.last = LAYER_NONE};
    for (size_t i = 0; i < company; i++)
        draft.count += refill->classes.list[refill->touched[i]].item_count;
    draft.items = layer_zeroed(arena, draft.count, sizeof(*draft.items));
    if (!draft.items)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < company; i++) {
        const struct layer_class *member = &refill->classes.list[refill->touched[i]];
        memcpy(draft.items + at, refill->classes.items + member->first,
               member->item_count * sizeof(uint32_t));
        at += member->item_count;
    }
    qsort(draft.items, draft.count, sizeof(*draft.items), compare_items);
    for (uint32_t i = 0; i < class->user_count; i++) {
        uint32_t rank = class->users[i];
        state->attached[rank][state->attached_count[rank]++] = (uint32_t)state->count;
        refill->taken[rank] = true;
    }
    return layer_state_add(state, arena, draft);
}

static bool is_taken(const struct refill *refill, const struct layer_class *class)
{
    for (uint32_t i = 0; i < class->user_count; i++)
        if (refill->taken[class->users[i]])
            return true;
    return false;
}

static bool add_layers(struct refill *refill, struct shared_arena *arena, struct layer_state *state,
                       bool *more)
{
    for (size_t c = 0; c < refill->classes.count && c < SEEDS; c++) {
        const struct layer_class *class = &refill->classes.list[c];
        uint64_t weight;
        if (is_taken(refill, class))
            continue;
        size_t company = find_company(refill, class, &weight);
        if (weight * (class->user_count - 1) <= refill->net->overhead)
            continue;
        if (!add_layer(refill, class, company, arena, state))
            return false;
        *more = true;
    }
    return true;
}

bool layer_refill(const struct layer_net *net, struct shared_arena *scratch, struct shared_arena *arena,
                  struct layer_state *state, bool *more)
{
    struct refill refill = {.net = net};
    struct layer_users users;
    *more = false;
    if (!layer_refill_users(net, state, true, scratch, &users) ||
        !layer_classes_make(net, &users, scratch, &refill.classes))
        return false;
    if (refill.classes.count == 0)
        return true;
    if (!layer_classes_index(net, scratch, &refill.classes))
        return false;
    refill.met = layer_zeroed(scratch, refill.classes.count, sizeof(uint32_t));
    refill.touched = layer_zeroed(scratch, refill.classes.count, sizeof(uint32_t));
    refill.taken = layer_zeroed(scratch, net->function_count, sizeof(bool));
    return refill.met && refill.touched && refill.taken && add_layers(&refill, arena, state, more);
}
