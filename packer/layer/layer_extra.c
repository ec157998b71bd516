/*
 * Layers that hold what not all their users carry. After a strict plan, each class that functions still carry
 * themselves is put into the layer whose users save most by it; the other users bear it as strangers, up to
 * extra_bytes each, at a price: it is not done for little.
 */
#include "layer/layer_inner.h"
#include "layer/layer_refill.h"

#include <stdlib.h>

#define CLASSES 512 /* that are looked at: those with most bytes to save */
#define PRICE 10    /* unzipped bytes of strangers that must save one of the zips */

struct extra {
    const struct layer_net *net;
    struct layer_state *state;
    struct layer_classes classes;
    struct layer_marks marks;
    uint32_t **users; /* of each layer: who attaches it */
    uint32_t *user_count;
    bool *carries; /* of each rank: it carries the class */
};

static bool list_users(struct extra *extra, struct shared_arena *scratch)
{
    const struct layer_state *state = extra->state;
    extra->users = layer_zeroed(scratch, state->count, sizeof(*extra->users));
    extra->user_count = layer_zeroed(scratch, state->count, sizeof(*extra->user_count));
    extra->carries = layer_zeroed(scratch, extra->net->function_count, sizeof(bool));
    if (!extra->users || !extra->user_count || !extra->carries)
        return false;
    for (uint32_t rank = 0; rank < extra->net->function_count; rank++)
        for (unsigned i = 0; i < state->attached_count[rank]; i++)
            extra->user_count[state->attached[rank][i]]++;
    for (size_t l = 0; l < state->count; l++) {
        extra->users[l] = layer_zeroed(scratch, extra->user_count[l], sizeof(uint32_t));
        if (!extra->users[l])
            return false;
        extra->user_count[l] = 0;
    }
    for (uint32_t rank = 0; rank < extra->net->function_count; rank++)
        for (unsigned i = 0; i < state->attached_count[rank]; i++) {
            uint32_t l = state->attached[rank][i];
            extra->users[l][extra->user_count[l]++] = rank;
        }
    return true;
}

/* Whether all users of a layer may have these items from it, with all that their layers have by now. */
static bool is_borne(struct extra *extra, size_t layer, const struct layer_draft *added)
{
    for (uint32_t i = 0; i < extra->user_count[layer]; i++) {
        uint32_t rank = extra->users[layer][i];
        layer_marks_set(extra->net, extra->state, rank, &extra->marks);
        struct layer_fit fit = layer_marks_judge(extra->net, added, rank, false, &extra->marks);
        if (!fit.fits && (extra->carries[rank] || !fit.bears))
            return false;
    }
    return true;
}

/* What a class in a layer saves, less the price of its being there for nothing. */
static uint64_t worth(const struct extra *extra, const struct layer_class *class, uint64_t unzipped,
                      size_t layer)
{
    const struct layer_state *state = extra->state;
    if (state->layers[layer].count > 0 && extra->net->bucket[state->layers[layer].items[0]] != class->bucket)
        return 0;
    uint64_t carried = 0;
    for (uint32_t i = 0; i < extra->user_count[layer]; i++)
        carried += extra->carries[extra->users[layer][i]];
    if (carried < 2)
        return 0;
    uint64_t saved = class->weight * (carried - 1), strangers = extra->user_count[layer] - carried;
    uint64_t price = unzipped / PRICE;
    if (strangers > 0 && price > saved / strangers)
        return 0;
    return saved - price * strangers;
}

static int compare_items(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static bool add(struct extra *extra, size_t layer, const struct layer_draft *added,
                struct shared_arena *arena)
{
    struct layer_draft *draft = &extra->state->layers[layer];
    uint32_t *items = layer_zeroed(arena, draft->count + added->count, sizeof(*items));
    if (!items)
        return false;
    memcpy(items, draft->items, draft->count * sizeof(*items));
    memcpy(items + draft->count, added->items, added->count * sizeof(*items));
    draft->items = items;
    draft->count += added->count;
    qsort(draft->items, draft->count, sizeof(*items), compare_items);
    for (uint32_t i = 0; i < extra->user_count[layer]; i++)
        extra->carries[extra->users[layer][i]] = false;
    return true;
}

/* Puts a class into layers as long as one is worth it. */
static bool place(struct extra *extra, const struct layer_class *class, struct shared_arena *arena)
{
    const struct layer_draft added = {extra->classes.items + class->first, class->item_count, LAYER_NONE};
    uint64_t unzipped = 0;
    for (size_t i = 0; i < added.count; i++)
        unzipped = layer_sum(unzipped, extra->net->problem->items[added.items[i]].unzipped_bytes);
    for (uint32_t i = 0; i < class->user_count; i++)
        extra->carries[class->users[i]] = true;
    bool done = false, room = true;
    while (!done && room) {
        size_t best = extra->state->count;
        uint64_t most = 0;
        for (size_t l = 0; l < extra->state->count; l++) {
            uint64_t won = worth(extra, class, unzipped, l);
            if (won > most && is_borne(extra, l, &added)) {
                most = won;
                best = l;
            }
        }
        done = most == 0;
        room = done || add(extra, best, &added, arena);
    }
    for (uint32_t i = 0; i < class->user_count; i++)
        extra->carries[class->users[i]] = false;
    return room;
}

bool layer_extra(const struct layer_net *net, struct shared_arena *scratch, struct shared_arena *arena,
                 struct layer_state *state)
{
    struct extra extra = {.net = net, .state = state};
    struct layer_users users;
    if (net->problem->extra_bytes == 0 || state->count == 0)
        return true;
    if (!list_users(&extra, scratch) || !layer_marks_init(net, scratch, &extra.marks) ||
        !layer_refill_users(net, state, false, scratch, &users) ||
        !layer_classes_make(net, &users, scratch, &extra.classes))
        return false;
    for (size_t c = 0; c < extra.classes.count && c < CLASSES; c++)
        if (!place(&extra, &extra.classes.list[c], arena))
            return false;
    return true;
}
