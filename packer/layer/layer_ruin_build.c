#include "layer/layer_ruin.h"

#define SEEDS 2 /* classes from which a new layer is grown, of which the best stays */

/* Classes that new layers may hold, and who may have them from one. */
struct offered {
    unsigned count;
    uint64_t users[RUIN_CLASSES];
    uint64_t weight[RUIN_CLASSES];
};

static void find_offered(const struct ruin *ruin, const struct ruin_state *state, unsigned bucket,
                         struct offered *offered)
{
    offered->count = 0;
    for (unsigned c = 0; c < ruin->class_count; c++) {
        uint64_t users = ruin->classes[c].users & ~state->covered[c] & ~state->full;
        if (!ruin_shares(users) || ruin->classes[c].bucket != bucket)
            continue;
        offered->users[offered->count] = users;
        offered->weight[offered->count++] = ruin->classes[c].weight;
    }
}

/* What a new layer would save; by attachment, where that is how it is valued. */
static uint64_t value(const struct ruin *ruin, const struct offered *offered, uint64_t users)
{
    uint64_t weight = 0, count = ruin_count(users);
    for (unsigned c = 0; c < offered->count; c++)
        weight += users & ~offered->users[c] ? 0 : offered->weight[c];
    uint64_t saved = weight * (count - 1);
    if (saved <= ruin->net->overhead)
        return 0;
    saved -= ruin->net->overhead;
    return ruin->by_slot ? saved / count : saved;
}

/* A layer for one class has fewer users and more classes as long as that is better. */
static uint64_t grow(const struct ruin *ruin, const struct offered *offered, uint64_t *users)
{
    uint64_t most = value(ruin, offered, *users);
    for (uint64_t from = 0; from != *users;) {
        from = *users;
        for (unsigned c = 0; c < offered->count; c++) {
            uint64_t fewer = from & offered->users[c];
            if (fewer == from || !ruin_shares(fewer))
                continue;
            uint64_t worth = value(ruin, offered, fewer);
            if (worth > most) {
                most = worth;
                *users = fewer;
            }
        }
    }
    return most;
}

/* Adds one layer where that saves something. */
static bool build(struct ruin *ruin, struct ruin_state *state)
{
    struct offered offered;
    unsigned bucket = ruin->classes[ruin_pick(ruin, ruin->class_count)].bucket;
    find_offered(ruin, state, bucket, &offered);
    if (offered.count == 0 || state->layer_count == RUIN_LAYERS)
        return false;
    uint64_t best = 0, most = 0;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        uint64_t users = offered.users[ruin_pick(ruin, offered.count)];
        uint64_t worth = grow(ruin, &offered, &users);
        if (worth > most) {
            most = worth;
            best = users;
        }
    }
    if (most > 0)
        ruin_add(ruin, state, best, bucket);
    return most > 0;
}

/*
 * What is won where one more function attaches a layer: what it carries of it comes off its zip, what it does
 * not carry leaves the layer and goes back to all others.
 */
static int64_t worth_joining(const struct ruin *ruin, const struct ruin_state *state, unsigned layer,
                             unsigned rank)
{
    const struct ruin_layer *l = &state->layers[layer];
    uint64_t won = 0, lost = 0;
    for (unsigned word = 0; word < ruin->word_count; word++)
        for (uint64_t bits = l->holds[word]; bits; bits &= bits - 1) {
            unsigned c = 64 * word + (unsigned)__builtin_ctzll(bits);
            if (ruin->classes[c].users & ~state->covered[c] & ruin_bit(rank))
                won += ruin->classes[c].weight;
            else
                lost += ruin->classes[c].weight;
        }
    return (int64_t)won - (int64_t)(lost * (ruin_count(l->users) - 1));
}

static void attach(const struct ruin *ruin, struct ruin_state *state, unsigned layer, unsigned rank)
{
    struct ruin_layer *l = &state->layers[layer];
    for (unsigned word = 0; word < ruin->word_count; word++)
        for (uint64_t bits = l->holds[word]; bits; bits &= bits - 1) {
            unsigned c = 64 * word + (unsigned)__builtin_ctzll(bits);
            if (ruin->classes[c].users & ~state->covered[c] & ruin_bit(rank)) {
                state->covered[c] |= ruin_bit(rank);
                continue;
            }
            state->covered[c] &= ~l->users;
            l->holds[word] &= ~((uint64_t)1 << (c % 64));
            l->weight -= ruin->classes[c].weight;
        }
    l->users |= ruin_bit(rank);
    ruin_load(ruin, state, rank, 1);
}

static bool join(struct ruin *ruin, struct ruin_state *state)
{
    bool joined = false;
    unsigned start = ruin_pick(ruin, ruin->function_count);
    for (unsigned i = 0; i < ruin->function_count; i++) {
        unsigned rank = (start + i) % ruin->function_count, best = 0;
        int64_t most = 0;
        if (state->full & ruin_bit(rank))
            continue;
        for (unsigned l = 0; l < state->layer_count; l++) {
            int64_t worth = state->layers[l].users & ruin_bit(rank) ? 0 : worth_joining(ruin, state, l, rank);
            if (worth > most) {
                most = worth;
                best = l;
            }
        }
        if (most > 0) {
            attach(ruin, state, best, rank);
            joined = true;
        }
    }
    return joined;
}

void ruin_rebuild(struct ruin *ruin, struct ruin_state *state)
{
    ruin_fill(ruin, state);
    if (ruin_pick(ruin, 2))
        join(ruin, state);
    do {
        while (build(ruin, state))
            continue;
        ruin_fill(ruin, state);
    } while (join(ruin, state));
    ruin_count_saved(ruin, state);
}
