/*
 * Ruin and recreate (Schrimpf et al., "Record breaking optimization results using the ruin and recreate
 * principle", 2000): a part of the plan is taken away and built anew; a plan a little worse than the one before
 * is taken too, less and less so.
 */
#include "layer/layer_ruin.h"

#define WORK (240u << 20) /* classes looked at, in all, as far as can be foretold */
#define LEAST_ROUNDS 40
#define ROUNDS 120 /* for each class, in a cycle */
#define MOST_ROUNDS 4000
#define LIGHTER 4
#define CYCLES 6  /* each begins where the best plan is */
#define SLACK 130 /* at first a plan may be worse by one part of it, half as often twice as much, and so on */
#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* Takes away some layers. */
static void ruin_layers(struct ruin *ruin, struct ruin_state *state)
{
    unsigned count = 1 + ruin_pick(ruin, 3);
    for (unsigned i = 0; i < count && state->layer_count > 0; i++)
        ruin_remove(ruin, state, ruin_pick(ruin, state->layer_count));
}

/* Takes all layers from one or two functions. */
static void ruin_functions(struct ruin *ruin, struct ruin_state *state)
{
    unsigned count = 1 + ruin_pick(ruin, 3);
    for (unsigned i = 0; i < count; i++) {
        unsigned rank = ruin_pick(ruin, ruin->function_count);
        for (unsigned l = state->layer_count; l-- > 0;)
            if (state->layers[l].users & ruin_bit(rank))
                ruin_detach(ruin, state, l, rank);
    }
}

/* Takes away a layer and those that have functions in common with it, each by a toss. */
static void ruin_neighbours(struct ruin *ruin, struct ruin_state *state)
{
    uint64_t users = state->layers[ruin_pick(ruin, state->layer_count)].users;
    for (unsigned l = state->layer_count; l-- > 0;)
        if ((state->layers[l].users & users) && ruin_pick(ruin, 2))
            ruin_remove(ruin, state, l);
}

/* Takes single attachments away. */
static void ruin_attachments(struct ruin *ruin, struct ruin_state *state)
{
    unsigned count = 1 + ruin_pick(ruin, 4);
    for (unsigned i = 0; i < count && state->layer_count > 0; i++) {
        unsigned l = ruin_pick(ruin, state->layer_count), rank = ruin_pick(ruin, ruin->function_count);
        while (!(state->layers[l].users & ruin_bit(rank)))
            rank = (rank + 1) % ruin->function_count;
        ruin_detach(ruin, state, l, rank);
    }
}

/* Puts in a layer for what some random classes have in common; functions without room leave another one for it. */
static void ruin_for_layer(struct ruin *ruin, struct ruin_state *state)
{
    unsigned class = ruin_pick(ruin, ruin->class_count), bucket = ruin->classes[class].bucket;
    uint64_t users = ruin->classes[class].users;
    for (unsigned i = ruin_pick(ruin, 3); i > 0; i--) {
        const struct ruin_class *other = &ruin->classes[ruin_pick(ruin, ruin->class_count)];
        if (other->bucket == bucket && ruin_shares(users & other->users))
            users &= other->users;
    }
    for (unsigned rank = 0; rank < ruin->function_count; rank++) {
        if (!(users & ruin_bit(rank)))
            continue;
        unsigned tries = 0;
        while (state->load[rank] >= ruin->net->slots[rank] && tries++ < 100) {
            unsigned l = ruin_pick(ruin, state->layer_count);
            while (!(state->layers[l].users & ruin_bit(rank)))
                l = (l + 1) % state->layer_count;
            ruin_detach(ruin, state, l, rank);
        }
    }
    if (state->layer_count < RUIN_LAYERS)
        ruin_add(ruin, state, users, bucket);
    ruin_pack(ruin, state);
}

static void ruin_some(struct ruin *ruin, struct ruin_state *state)
{
    static void (*const ways[])(struct ruin *, struct ruin_state *) = {
        ruin_layers, ruin_functions, ruin_neighbours, ruin_attachments, ruin_for_layer, ruin_for_layer};
    if (state->layer_count > 0 && ruin->class_count > 0)
        ways[ruin_pick(ruin, WAYS)](ruin, state);
}

static void copy_state(const struct ruin *ruin, struct ruin_state *to, const struct ruin_state *from)
{
    to->saved = from->saved;
    to->layer_count = from->layer_count;
    to->full = from->full;
    memcpy(to->load, from->load, sizeof(to->load));
    memcpy(to->covered, from->covered, ruin->class_count * sizeof(*to->covered));
    memcpy(to->layers, from->layers, from->layer_count * sizeof(*to->layers));
}

static unsigned count_rounds(const struct ruin *ruin, bool light)
{
    uint64_t work = (uint64_t)ruin->class_count * ruin->class_count * 8 * CYCLES;
    uint64_t rounds = WORK / (work + 1), most = (uint64_t)ruin->class_count * ROUNDS;
    if (most > MOST_ROUNDS)
        most = MOST_ROUNDS;
    if (light)
        most /= LIGHTER;
    return (unsigned)(rounds < LEAST_ROUNDS ? LEAST_ROUNDS : rounds < most ? rounds : most);
}

static void search(struct ruin *ruin, unsigned rounds, struct ruin_state *current, struct ruin_state *attempt,
                   struct ruin_state *best)
{
    for (unsigned round = 0; round < rounds; round++) {
        copy_state(ruin, attempt, current);
        ruin->by_slot = ruin_pick(ruin, 2);
        ruin_some(ruin, attempt);
        ruin_rebuild(ruin, attempt);
        /* Leading zeros of a random number are n or more with a chance of 1 in 2 to the n. */
        uint64_t slack = best->saved / SLACK / rounds * (rounds - round) *
                         (uint64_t)__builtin_clzll(layer_random(&ruin->random) | 1);
        if (layer_sum(attempt->saved, slack) < current->saved)
            continue;
        copy_state(ruin, current, attempt);
        if (current->saved > best->saved)
            copy_state(ruin, best, current);
    }
}

static uint64_t mask_of(const uint32_t *users, uint32_t count)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < count; i++)
        mask |= ruin_bit(users[i]);
    return mask;
}

static bool start(struct ruin *ruin, const struct layer_classes *classes, struct shared_arena *arena)
{
    ruin->class_count = classes->count < RUIN_CLASSES ? (unsigned)classes->count : RUIN_CLASSES;
    ruin->word_count = (ruin->class_count + 63) / 64;
    ruin->classes = layer_zeroed(arena, ruin->class_count, sizeof(*ruin->classes));
    for (unsigned c = 0; ruin->classes && c < ruin->class_count; c++) {
        const struct layer_class *class = &classes->list[c];
        ruin->classes[c] =
            (struct ruin_class){mask_of(class->users, class->user_count), class->weight, class->bucket};
    }
    return ruin->classes != NULL;
}

static bool write_family(const struct ruin *ruin, const struct ruin_state *state, struct shared_arena *arena,
                         struct layer_family *family)
{
    *family = (struct layer_family){layer_zeroed(arena, state->layer_count, sizeof(*family->groups)), 0};
    for (unsigned l = 0; family->groups && l < state->layer_count; l++) {
        struct layer_group group = {.bucket = state->layers[l].bucket};
        group.users = layer_zeroed(arena, ruin_count(state->layers[l].users), sizeof(*group.users));
        if (!group.users)
            return false;
        for (unsigned rank = 0; rank < ruin->function_count; rank++)
            if (state->layers[l].users & ruin_bit(rank))
                group.users[group.count++] = rank;
        family->groups[family->count++] = group;
    }
    return family->groups != NULL;
}

bool layer_ruin(const struct layer_net *net, const struct layer_classes *classes, bool light,
                struct shared_arena *arena, struct layer_family *family)
{
    if (classes->count == 0)
        return true;
    struct ruin ruin = {.net = net, .function_count = (unsigned)net->function_count, .random = 1};
    struct ruin_state *states = layer_zeroed(arena, 3, sizeof(*states)), *best = states + 2;
    if (!states || !start(&ruin, classes, arena))
        return false;
    for (unsigned rank = 0; rank < ruin.function_count; rank++)
        ruin_load(&ruin, &states[0], rank, 0);
    for (size_t g = 0; g < family->count; g++)
        ruin_add(&ruin, &states[0], mask_of(family->groups[g].users, family->groups[g].count),
                 family->groups[g].bucket);
    ruin_rebuild(&ruin, &states[0]);
    copy_state(&ruin, best, &states[0]);
    for (unsigned cycle = 0; cycle < (light ? 1 : CYCLES); cycle++) {
        copy_state(&ruin, &states[0], best);
        search(&ruin, count_rounds(&ruin, light), &states[0], &states[1], best);
    }
    return write_family(&ruin, best, arena, family);
}
