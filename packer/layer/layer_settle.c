/*
 * The end of every plan, whether it is fresh or comes from the last one: functions with room attach layers that are
 * there, then new layers are made of what is still carried twice. It goes on until neither finds anything, so that
 * the plan of an unchanged problem that starts from this one finds nothing either.
 */
#include "base/cleanup.h"
#include "layer/layer_refill.h"
#include "layer/layer_use.h"

#define ROUNDS 8 /* in which functions leave layers, and others take their place */

/* Which layers each item is in, and what a function has of each. */
struct fill {
    size_t *of_begin; /* of each item */
    uint32_t *of_list;
    uint32_t *met, *touched; /* of each layer: items that the function may have from it; layers with some */
    uint64_t *own;           /* of each layer: their weight */
    struct layer_marks marks;
};

static bool fill_init(const struct layer_net *net, const struct layer_state *state,
                      struct shared_arena *scratch, struct fill *fill)
{
    size_t *begin = layer_zeroed(scratch, net->item_count + 2, sizeof(*begin));
    *fill = (struct fill){.of_begin = begin,
                          .met = layer_zeroed(scratch, state->count, sizeof(uint32_t)),
                          .touched = layer_zeroed(scratch, state->count, sizeof(uint32_t)),
                          .own = layer_zeroed(scratch, state->count, sizeof(uint64_t))};
    if (!begin || !fill->met || !fill->touched || !fill->own || !layer_marks_init(net, scratch, &fill->marks))
        return false;
    for (size_t l = 0; l < state->count; l++)
        for (size_t i = 0; i < state->layers[l].count; i++)
            begin[state->layers[l].items[i] + 2]++;
    for (size_t i = 2; i < net->item_count + 2; i++)
        begin[i] += begin[i - 1];
    fill->of_list = layer_zeroed(scratch, begin[net->item_count + 1], sizeof(uint32_t));
    if (!fill->of_list)
        return false;
    for (uint32_t l = 0; l < state->count; l++)
        for (size_t i = 0; i < state->layers[l].count; i++)
            fill->of_list[begin[state->layers[l].items[i] + 1]++] = l;
    return true;
}

/* Lists the layers of which a function may have something. */
static size_t meet(const struct layer_net *net, struct fill *fill, uint32_t rank)
{
    const struct layer_set *carried = layer_carried_by(net, rank);
    size_t touched = 0;
    for (size_t i = 0; i < carried->count; i++) {
        uint32_t item = (uint32_t)carried->items[i];
        if (fill->of_begin[item] == fill->of_begin[item + 1] ||
            !layer_marks_may_move(net, &fill->marks, rank, item))
            continue;
        for (size_t j = fill->of_begin[item]; j < fill->of_begin[item + 1]; j++) {
            uint32_t layer = fill->of_list[j];
            if (fill->met[layer]++ == 0) {
                fill->touched[touched++] = layer;
                fill->own[layer] = 0;
            }
            fill->own[layer] += net->weight[item];
        }
    }
    return touched;
}

/* What a layer takes off a marked function, of which all is what its layers take off it now. */
static uint64_t gain_of(const struct layer_net *net, const struct layer_state *state, uint32_t rank,
                        const struct layer_draft *layer, uint64_t own, uint64_t all)
{
    return net->use ? layer_use_mark(net, state, rank, LAYER_NO, layer) - all : own;
}

static uint32_t most_of(const struct layer_net *net, const struct layer_state *state, const struct fill *fill,
                        size_t touched)
{
    uint32_t best = LAYER_NO;
    for (size_t i = 0; i < touched; i++) {
        uint32_t l = fill->touched[i];
        bool strict = fill->met[l] == state->layers[l].count;
        if (fill->own[l] == 0 || (!strict && net->problem->extra_bytes == 0))
            continue;
        if (best == LAYER_NO || fill->own[l] > fill->own[best] ||
            (fill->own[l] == fill->own[best] && l < best))
            best = l;
    }
    return best;
}

/* The layer that takes most off a marked function and fits; LAYER_NO where there is none. What it can use of a layer is
 * found out of those that seem best. */
static uint32_t find_best(const struct layer_net *net, const struct layer_state *state, struct fill *fill,
                          uint32_t rank)
{
    size_t touched = meet(net, fill, rank);
    uint64_t all = net->use ? layer_use_mark(net, state, rank, LAYER_NO, NULL) : 0;
    uint32_t best;
    while ((best = most_of(net, state, fill, touched)) != LAYER_NO) {
        struct layer_fit fit = layer_marks_judge(net, &state->layers[best], rank, false, &fill->marks);
        uint64_t gain = fit.fits ? gain_of(net, state, rank, &state->layers[best], fit.own, all) : 0;
        if (gain <= fit.price)
            gain = 0;
        if (gain > 0 && gain >= fill->own[best])
            break;
        fill->own[best] = gain;
    }
    for (size_t i = 0; i < touched; i++)
        fill->met[fill->touched[i]] = 0;
    return best;
}

static bool fill_all(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *state)
{
    struct fill fill;
    if (state->count == 0)
        return true;
    if (!fill_init(net, state, scratch, &fill))
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        if (state->attached_count[rank] >= net->slots[rank])
            continue;
        layer_marks_set(net, state, rank, &fill.marks);
        while (state->attached_count[rank] < net->slots[rank]) {
            uint32_t best = find_best(net, state, &fill, rank);
            if (best == LAYER_NO)
                break;
            layer_marks_attach(net, &state->layers[best], rank, &fill.marks);
            state->attached[rank][state->attached_count[rank]++] = best;
        }
    }
    return true;
}

static bool settle(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state)
{
    for (bool more = true; more;) {
        CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
        if (!layer_state_prune(net, &scratch, state) || !fill_all(net, &scratch, state) ||
            !layer_refill(net, &scratch, arena, state, &more))
            return false;
    }
    return true;
}

bool layer_settle(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state)
{
    bool left = true;
    if (!settle(net, arena, state))
        return false;
    for (unsigned round = 0; net->use && left; round++) {
        CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
        if (!layer_use_leave(net, &scratch, state, &left))
            return false;
        if (left && !(round < ROUNDS ? settle(net, arena, state) : layer_state_prune(net, &scratch, state)))
            return false;
    }
    return true;
}
