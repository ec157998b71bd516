#include "layer/layer_ruin.h"

void ruin_load(const struct ruin *ruin, struct ruin_state *state, unsigned rank, int more)
{
    state->load[rank] = (unsigned char)(state->load[rank] + more);
    if (state->load[rank] < ruin->net->slots[rank])
        state->full &= ~ruin_bit(rank);
    else
        state->full |= ruin_bit(rank);
}

/* Lets a layer hold what all its users carry and have from no other one. */
static void fill(const struct ruin *ruin, struct ruin_state *state, struct ruin_layer *layer)
{
    for (unsigned c = 0; c < ruin->class_count; c++) {
        const struct ruin_class *class = &ruin->classes[c];
        if ((layer->users & (~class->users | state->covered[c])) || class->bucket != layer->bucket)
            continue;
        layer->holds[c / 64] |= (uint64_t)1 << (c % 64);
        layer->weight += class->weight;
        state->covered[c] |= layer->users;
    }
}

void ruin_add(const struct ruin *ruin, struct ruin_state *state, uint64_t users, unsigned bucket)
{
    struct ruin_layer *layer = &state->layers[state->layer_count++];
    *layer = (struct ruin_layer){.users = users, .bucket = bucket};
    fill(ruin, state, layer);
    for (uint64_t left = users; left; left &= left - 1)
        ruin_load(ruin, state, (unsigned)__builtin_ctzll(left), 1);
}

static void uncover(const struct ruin *ruin, struct ruin_state *state, const struct ruin_layer *layer,
                    uint64_t users)
{
    for (unsigned word = 0; word < ruin->word_count; word++)
        for (uint64_t bits = layer->holds[word]; bits; bits &= bits - 1)
            state->covered[64 * word + (unsigned)__builtin_ctzll(bits)] &= ~users;
}

void ruin_remove(const struct ruin *ruin, struct ruin_state *state, unsigned layer)
{
    struct ruin_layer *removed = &state->layers[layer];
    uncover(ruin, state, removed, removed->users);
    for (uint64_t left = removed->users; left; left &= left - 1)
        ruin_load(ruin, state, (unsigned)__builtin_ctzll(left), -1);
    *removed = state->layers[--state->layer_count];
}

void ruin_detach(const struct ruin *ruin, struct ruin_state *state, unsigned layer, unsigned rank)
{
    struct ruin_layer *from = &state->layers[layer];
    if (!ruin_shares(from->users & ~ruin_bit(rank))) {
        ruin_remove(ruin, state, layer);
        return;
    }
    uncover(ruin, state, from, ruin_bit(rank));
    from->users &= ~ruin_bit(rank);
    ruin_load(ruin, state, rank, -1);
    fill(ruin, state, from);
}

void ruin_fill(const struct ruin *ruin, struct ruin_state *state)
{
    for (unsigned l = 0; l < state->layer_count; l++)
        fill(ruin, state, &state->layers[l]);
}

void ruin_pack(const struct ruin *ruin, struct ruin_state *state)
{
    memset(state->covered, 0, ruin->class_count * sizeof(*state->covered));
    /* Insertion sort: they are nearly in order from the last time. */
    for (unsigned l = 1; l < state->layer_count; l++) {
        struct ruin_layer moved = state->layers[l];
        unsigned at = l, count = ruin_count(moved.users);
        for (; at > 0 && ruin_count(state->layers[at - 1].users) < count; at--)
            state->layers[at] = state->layers[at - 1];
        state->layers[at] = moved;
    }
    for (unsigned l = 0; l < state->layer_count; l++) {
        memset(state->layers[l].holds, 0, sizeof(state->layers[l].holds));
        state->layers[l].weight = 0;
        fill(ruin, state, &state->layers[l]);
    }
}

void ruin_count_saved(const struct ruin *ruin, struct ruin_state *state)
{
    uint64_t saved = 0, cost = 0;
    for (unsigned l = 0; l < state->layer_count; l++) {
        saved += state->layers[l].weight * (ruin_count(state->layers[l].users) - 1);
        cost = layer_sum(cost, ruin->net->overhead);
    }
    state->saved = saved > cost ? saved - cost : 0;
}
