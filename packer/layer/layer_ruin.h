/*
 * layer_ruin.h - a family of few functions as masks, for the search that takes parts of it away and builds them anew.
 *
 * Bit i of a mask is the function of rank i.
 */
#ifndef PACKER_LAYER_RUIN_H
#define PACKER_LAYER_RUIN_H

#include "layer/layer_inner.h"

#define RUIN_FUNCTIONS LAYER_RUIN_FUNCTIONS
#define RUIN_CLASSES 128 /* that are looked at: those with most bytes to save */
#define RUIN_LAYERS (RUIN_FUNCTIONS * LAYER_SLOTS / 2)
#define RUIN_WORDS (RUIN_CLASSES / 64)

struct ruin_class {
    uint64_t users;
    uint64_t weight;
    unsigned bucket;
};

struct ruin_layer {
    uint64_t users;
    uint64_t weight;
    unsigned bucket;
    uint64_t holds[RUIN_WORDS]; /* bits: classes */
};

struct ruin_state {
    uint64_t saved;
    uint64_t full; /* functions that attach as many as they may */
    unsigned layer_count;
    unsigned char load[RUIN_FUNCTIONS];
    uint64_t covered[RUIN_CLASSES]; /* of each class: users that have it from a layer */
    struct ruin_layer layers[RUIN_LAYERS];
};

/* What does not change in the search. */
struct ruin {
    const struct layer_net *net;
    unsigned function_count, class_count, word_count;
    struct ruin_class *classes;
    uint64_t random;
    bool by_slot; /* what is built is valued by bytes for each attachment, not by bytes alone */
};

/* Bits that are set (Warren, "Hacker's Delight", 5-1); the compiler's own is a call where the processor may lack it. */
static inline unsigned ruin_count(uint64_t mask)
{
    mask -= mask >> 1 & 0x5555555555555555u;
    mask = (mask & 0x3333333333333333u) + (mask >> 2 & 0x3333333333333333u);
    mask = (mask + (mask >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (unsigned)(mask * 0x0101010101010101u >> 56);
}

static inline bool ruin_shares(uint64_t mask)
{
    return (mask & (mask - 1)) != 0;
}

static inline uint64_t ruin_bit(unsigned rank)
{
    return (uint64_t)1 << rank;
}

/* A number below count. */
static inline unsigned ruin_pick(struct ruin *ruin, unsigned count)
{
    return (unsigned)((layer_random(&ruin->random) >> 32) * count >> 32);
}

/* Adds a layer that holds what its users have from no other one. */
void ruin_add(const struct ruin *ruin, struct ruin_state *state, uint64_t users, unsigned bucket);
void ruin_remove(const struct ruin *ruin, struct ruin_state *state, unsigned layer);
void ruin_detach(const struct ruin *ruin, struct ruin_state *state, unsigned layer, unsigned rank);

/* Adds to layers what they may hold by now. */
void ruin_fill(const struct ruin *ruin, struct ruin_state *state);

/* Finds anew what layers hold, those with most users first. */
void ruin_pack(const struct ruin *ruin, struct ruin_state *state);
void ruin_count_saved(const struct ruin *ruin, struct ruin_state *state);

/* A function attaches one more, or one less. */
void ruin_load(const struct ruin *ruin, struct ruin_state *state, unsigned rank, int more);

/* Builds on what is left, until nothing more is saved. */
void ruin_rebuild(struct ruin *ruin, struct ruin_state *state);

#endif
