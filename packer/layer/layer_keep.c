/*
 * What is left of the last plan: no layer of it is made anew. A function attaches what it attached, but for layers that
 * bring it what it may not have, or take nothing off it any more; those it leaves, and only those.
 */
#include "layer/layer_inner.h"

#include <stdlib.h>

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

static bool take_layers(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state)
{
    const struct layer_problem *problem = net->problem;
    for (size_t l = 0; l < problem->last_count; l++) {
        const struct layer_set *set = &problem->last[l].items;
        struct layer_draft draft = {layer_zeroed(arena, set->count, sizeof(*draft.items)), set->count, l};
        if (!draft.items)
            return false;
        for (size_t i = 0; i < set->count; i++)
            draft.items[i] = (uint32_t)set->items[i];
        if (!layer_state_add(state, arena, draft))
            return false;
    }
    return true;
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
static bool attach(const struct layer_net *net, uint32_t rank, struct shared_arena *scratch,
                   struct layer_marks *marks, struct layer_state *state)
{
    const struct layer_set *old = &net->problem->last_attached[net->order[rank]];
    struct candidate *candidates = layer_zeroed(scratch, old->count, sizeof(*candidates));
    if (!candidates)
        return false;
    layer_marks_set(net, state, rank, marks);
    for (size_t i = 0; i < old->count; i++)
        candidates[i] = (struct candidate){weigh_own(net, marks, rank, &state->layers[old->items[i]]),
                                           (uint32_t)old->items[i]};
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
    if (!layer_state_init(net, arena, state) || !take_layers(net, arena, state) ||
        !layer_marks_init(net, arena, &marks))
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++)
        if (net->slots[rank] > 0 && net->problem->last_attached && !attach(net, rank, arena, &marks, state))
            return false;
    return true;
}
