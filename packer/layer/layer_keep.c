/*
 * What is left of the last plan: no layer of it is made anew, but without what no function carries any more, for that could
 * be made only where the old files still are. A function attaches what it attached, but for layers that bring it what it may
 * not have, or take nothing off it any more; those it leaves, and only those.
 */
#include "layer/layer_inner.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
    uint64_t own;
    uint32_t layer;
};

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->own != y->own)
        return x->own > y->own ? -1 : 1;
    return x->layer < y->layer ? -1 : x->layer > y->layer;
}

/* Of each item: whether some function carries it. */
static bool *find_carried(const struct layer_net *net, struct shared_arena *scratch)
{
    bool *carried = layer_zeroed(scratch, net->item_count, sizeof(*carried));
    for (size_t f = 0; carried && f < net->function_count; f++) {
        const struct layer_set *items = &net->problem->functions[f].items;
        for (size_t i = 0; i < items->count; i++)
            carried[items->items[i]] = true;
    }
    return carried;
}

static bool is_same(const struct layer_draft *a, const struct layer_draft *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(*a->items)) == 0);
}

/* The draft that is taken for one that lost items and has those of another now: a kept one if there is; else itself. */
static uint32_t find_same(const struct layer_state *state, uint32_t l, const uint32_t *same)
{
    if (state->layers[l].last != LAYER_NONE)
        return l;
    for (uint32_t i = 0; i < state->count; i++)
        if (i != l && is_same(&state->layers[i], &state->layers[l]) &&
            (i < l || state->layers[i].last != LAYER_NONE))
            return i < l ? same[i] : i;
    return l;
}

/* Of items that change as often as each other, those that weigh most: what is made anew has no others together. */
static void keep_heaviest(const struct layer_net *net, struct layer_draft *draft)
{
    uint64_t weights[UINT8_MAX + 1] = {0};
    unsigned best = 0;
    size_t count = 0;
    for (size_t i = 0; i < draft->count; i++)
        weights[net->bucket[draft->items[i]]] += net->weight[draft->items[i]];
    for (unsigned bucket = 1; bucket <= UINT8_MAX; bucket++)
        if (weights[bucket] > weights[best])
            best = bucket;
    for (size_t i = 0; i < draft->count; i++)
        if (net->bucket[draft->items[i]] == best)
            draft->items[count++] = draft->items[i];
    draft->count = count;
}

/* Drafts of the last plan's layers; same: of each the one that is taken for it. */
static bool take_layers(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state,
                        uint32_t **same)
{
    const struct layer_problem *problem = net->problem;
    const bool *carried = find_carried(net, arena);
    *same = layer_zeroed(arena, problem->last_count, sizeof(**same));
    for (size_t l = 0; carried && *same && l < problem->last_count; l++) {
        const struct layer_set *set = &problem->last[l].items;
        struct layer_draft draft = {.items = layer_zeroed(arena, set->count, sizeof(*draft.items))};
        if (!draft.items)
            return false;
        for (size_t i = 0; i < set->count; i++)
            if (carried[set->items[i]])
                draft.items[draft.count++] = (uint32_t)set->items[i];
        draft.last = draft.count == set->count ? l : LAYER_NONE;
        if (draft.last == LAYER_NONE)
            keep_heaviest(net, &draft);
        if (!layer_state_add(state, arena, draft))
            return false;
    }
    for (uint32_t l = 0; carried && *same && l < state->count; l++)
        (*same)[l] = find_same(state, l, *same);
    return carried && *same;
}

/* Weight of what a function carries of a layer. */
static uint64_t weigh_own(const struct layer_net *net, const struct layer_marks *marks, uint32_t rank,
                          const struct layer_draft *layer)
{
    uint64_t own = 0;
    for (size_t i = 0; i < layer->count; i++) {
        uint32_t place = net->place[layer->items[i]];
        if (marks->carried_by[place] == rank + 1 && marks->carried[place] == layer->items[i])
            own += net->weight[layer->items[i]];
    }
    return own;
}

/* Attaches those that fit, the heaviest first. */
static bool attach(const struct layer_net *net, uint32_t rank, const uint32_t *same,
                   struct shared_arena *scratch, struct layer_marks *marks, struct layer_state *state)
{
    const struct layer_set *old = &net->problem->last_attached[net->order[rank]];
    struct candidate *candidates = layer_zeroed(scratch, old->count, sizeof(*candidates));
    if (!candidates)
        return false;
    layer_marks_set(net, state, rank, marks);
    for (size_t i = 0; i < old->count; i++)
        candidates[i] = (struct candidate){weigh_own(net, marks, rank, &state->layers[same[old->items[i]]]),
                                           same[old->items[i]]};
    qsort(candidates, old->count, sizeof(*candidates), compare_candidates);
    for (size_t i = 0; i < old->count && state->attached_count[rank] < net->slots[rank]; i++) {
        const struct layer_draft *layer = &state->layers[candidates[i].layer];
        if (!layer_marks_judge(net, layer, rank, true, marks).fits)
            continue;
        layer_marks_attach(net, layer, rank, marks);
        state->attached[rank][state->attached_count[rank]++] = candidates[i].layer;
    }
    return true;
}

bool layer_keep(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state)
{
    struct layer_marks marks;
    uint32_t *same;
    if (!layer_state_init(net, arena, state) || !take_layers(net, arena, state, &same) ||
        !layer_marks_init(net, arena, &marks))
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++)
        if (net->slots[rank] > 0 && net->problem->last_attached &&
            !attach(net, rank, same, arena, &marks, state))
            return false;
    return true;
}
