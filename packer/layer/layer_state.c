#include "layer/layer_use.h"

bool layer_state_init(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state)
{
    *state = (struct layer_state){.count = 0};
    state->attached = layer_zeroed(arena, net->function_count, sizeof(*state->attached));
    state->attached_count = layer_zeroed(arena, net->function_count, 1);
    return state->attached && state->attached_count;
}

bool layer_state_add(struct layer_state *state, struct shared_arena *arena, struct layer_draft draft)
{
    if (state->count == state->capacity) {
        size_t size = sizeof(draft), capacity = 2 * state->capacity + 16;
        struct layer_draft *layers =
            shared_arena_resize(arena, state->layers, state->capacity * size, capacity * size);
        if (!layers)
            return false;
        state->layers = layers;
        state->capacity = capacity;
    }
    state->layers[state->count++] = draft;
    return true;
}

bool layer_state_prune(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *state)
{
    uint32_t *moved = layer_zeroed(scratch, state->count, sizeof(*moved)), kept = 0;
    if (!moved)
        return false;
    for (size_t rank = 0; rank < net->function_count; rank++)
        for (unsigned i = 0; i < state->attached_count[rank]; i++)
            moved[state->attached[rank][i]] = 1;
    for (size_t l = 0; l < state->count; l++) {
        if (!moved[l])
            continue;
        state->layers[kept] = state->layers[l];
        moved[l] = kept++;
    }
    state->count = kept;
    for (size_t rank = 0; rank < net->function_count; rank++)
        for (unsigned i = 0; i < state->attached_count[rank]; i++)
            state->attached[rank][i] = moved[state->attached[rank][i]];
    return true;
}

bool layer_state_stored(const struct layer_net *net, const struct layer_state *state,
                        struct shared_arena *scratch, uint64_t *stored_bytes)
{
    const struct layer_problem *problem = net->problem;
    uint32_t *layered = layer_zeroed(scratch, net->item_count, sizeof(*layered)); /* rank + 1 */
    if (!layered)
        return false;
    uint64_t stored = 0;
    for (size_t l = 0; l < state->count; l++) {
        stored = layer_sum(stored, problem->layer_overhead_bytes);
        for (size_t i = 0; i < state->layers[l].count; i++)
            stored = layer_sum(stored, problem->items[state->layers[l].items[i]].zip_bytes);
    }
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        for (unsigned i = 0; i < state->attached_count[rank]; i++) {
            const struct layer_draft *layer = &state->layers[state->attached[rank][i]];
            for (size_t j = 0; j < layer->count; j++)
                layered[layer->items[j]] = rank + 1;
        }
        if (net->use)
            layer_use_mark(net, state, rank, LAYER_NO, NULL);
        const struct layer_set *carried = layer_carried_by(net, rank);
        stored = layer_sum(stored, problem->functions[net->order[rank]].rest_zip_bytes);
        for (size_t i = 0; i < carried->count; i++)
            if (net->use ? !layer_use_has(net->use, carried->items[i])
                         : layered[carried->items[i]] != rank + 1)
                stored = layer_sum(stored, layer_item_own_bytes(&problem->items[carried->items[i]]));
    }
    *stored_bytes = stored;
    return true;
}
