/*
 * Ruin and recreate, as in layer_ruin.c: some of the plan is taken away and made anew; one that is a little worse than
 * the one before is taken too, less and less so.
 */
#include "layer/layer_wide.h"

#define WORK (3u << 20) /* classes, functions and layers, of all rounds */
#define MOST_ROUNDS 1500
#define LEAST_ROUNDS 30
#define LIGHTER 4
#define SLACK 130

static size_t pick(struct wide *wide, size_t count)
{
    return (size_t)((layer_random(&wide->random) >> 32) * count >> 32);
}

static void ruin_layers(struct wide *wide, struct wide_state *state)
{
    for (size_t i = 1 + pick(wide, 3); i > 0; i--)
        wide_close(wide, state, pick(wide, state->layer_count));
}

static void ruin_functions(struct wide *wide, struct wide_state *state)
{
    for (size_t i = 1 + pick(wide, 3); i > 0; i--) {
        size_t rank = pick(wide, wide->function_count);
        for (size_t layer = 0; layer < state->layer_count; layer++)
            if (wide_is_in(wide_users(wide, state, layer), rank))
                wide_leave(wide, state, layer, rank);
    }
}

static void ruin_contents(struct wide *wide, struct wide_state *state)
{
    for (size_t i = 1 + pick(wide, 4); i > 0; i--) {
        size_t class = pick(wide, wide->class_count);
        for (size_t layer = 0; layer < state->layer_count; layer++)
            if (wide_is_in(wide_holds(wide, state, layer), class))
                wide_take(wide, state, layer, class);
    }
}

/* Takes away a layer, and by a toss each that has users in common with it. */
static void ruin_near(struct wide *wide, struct wide_state *state)
{
    size_t from = pick(wide, state->layer_count);
    for (size_t layer = state->layer_count; layer-- > 0;) {
        bool near = false;
        for (size_t i = 0; i < wide->words; i++)
            near |= (wide_users(wide, state, layer)[i] & wide_users(wide, state, from)[i]) != 0;
        if (near && layer != from && pick(wide, 2))
            wide_close(wide, state, layer);
    }
    wide_close(wide, state, from);
}

/* Two layers become one, whatever it costs. */
static void ruin_two(struct wide *wide, struct wide_state *state)
{
    size_t a = pick(wide, state->layer_count), b = pick(wide, state->layer_count);
    if (a != b && wide_union_worth(wide, state, a, b) != WIDE_NEVER)
        wide_unite(wide, state, a, b);
}

static void search(struct wide *wide, unsigned rounds, struct wide_state *current, struct wide_state *attempt,
                   struct wide_state *best)
{
    static void (*const ways[])(struct wide *, struct wide_state *) = {ruin_layers, ruin_functions,
                                                                       ruin_contents, ruin_near, ruin_two};
    for (unsigned round = 0; round < rounds; round++) {
        wide_state_copy(wide, attempt, current);
        if (attempt->layer_count > 0)
            ways[pick(wide, sizeof(ways) / sizeof(ways[0]))](wide, attempt);
        wide_polish(wide, true, attempt);
        double slack = best->worth / SLACK / rounds * (rounds - round);
        slack *= __builtin_clzll(layer_random(&wide->random) | 1);
        if (attempt->worth + slack < current->worth)
            continue;
        wide_state_copy(wide, current, attempt);
        if (current->worth > best->worth)
            wide_state_copy(wide, best, current);
    }
}

bool wide_ruin(struct wide *wide, bool light, struct shared_arena *scratch, struct wide_state *state)
{
    struct wide_state current, attempt;
    if (!wide_state_init(wide, scratch, &current) || !wide_state_init(wide, scratch, &attempt))
        return false;
    size_t work = (wide->class_count + wide->function_count) * (state->layer_count + 4);
    size_t rounds = WORK / work;
    rounds = rounds > MOST_ROUNDS ? MOST_ROUNDS : rounds < LEAST_ROUNDS ? LEAST_ROUNDS : rounds;
    wide_state_copy(wide, &current, state);
    search(wide, (unsigned)(light ? rounds / LIGHTER : rounds), &current, &attempt, state);
    return true;
}
