/*
 * Small steps that each make a plan worth more: layers take and lose classes, functions join and leave layers, or leave
 * one for another; two layers become one; new layers are made for what functions with room still carry themselves.
 */
#include "layer/layer_wide.h"

#define ROUNDS 8
#define STEPS (8u << 20) /* looks at a class or function and a layer, in all */
#define SEEDS 64         /* classes of which new layers are begun, in a round */

struct polish {
    struct wide *wide;
    struct wide_state *state;
    uint64_t steps;
};

static bool is_live(const struct polish *polish, size_t layer)
{
    return wide_next(wide_holds(polish->wide, polish->state, layer), polish->wide->class_words, 0) !=
               SIZE_MAX &&
           wide_next(wide_users(polish->wide, polish->state, layer), polish->wide->words, 0) != SIZE_MAX;
}

static void take_bad(struct polish *polish, size_t layer)
{
    const uint64_t *holds = wide_holds(polish->wide, polish->state, layer);
    WIDE_EACH(c, holds, polish->wide->class_words)
    {
        polish->steps++;
        if (wide_class_worth(polish->wide, polish->state, layer, c) <= 0)
            wide_take(polish->wide, polish->state, layer, c);
    }
}

static void leave_bad(struct polish *polish, size_t layer)
{
    const uint64_t *users = wide_users(polish->wide, polish->state, layer);
    WIDE_EACH(rank, users, polish->wide->words)
    {
        polish->steps++;
        if (wide_user_worth(polish->wide, polish->state, layer, rank) <= 0)
            wide_leave(polish->wide, polish->state, layer, rank);
    }
}

/* Gives up a layer that is worth nothing. */
static void close_bad(struct polish *polish, size_t layer)
{
    const uint64_t *holds = wide_holds(polish->wide, polish->state, layer);
    double worth = -polish->wide->overhead;
    WIDE_EACH(c, holds, polish->wide->class_words)
    {
        worth += wide_class_worth(polish->wide, polish->state, layer, c);
    }
    if (worth <= 0)
        wide_close(polish->wide, polish->state, layer);
}

/* Puts a class into the layers that are worth most with it. */
static void put_class(struct polish *polish, size_t class)
{
    for (;;) {
        double most = 0;
        size_t best = SIZE_MAX;
        for (size_t layer = 0; layer < polish->state->layer_count; layer++) {
            double worth = wide_put_worth(polish->wide, polish->state, layer, class);
            polish->steps++;
            if (worth > most && is_live(polish, layer)) {
                most = worth;
                best = layer;
            }
        }
        if (best == SIZE_MAX)
            return;
        wide_put(polish->wide, polish->state, best, class);
    }
}

static size_t find_join(struct polish *polish, size_t rank, double *most)
{
    size_t best = SIZE_MAX;
    for (size_t layer = 0; layer < polish->state->layer_count; layer++) {
        if (wide_is_in(wide_users(polish->wide, polish->state, layer), rank))
            continue;
        double worth = wide_join_worth(polish->wide, polish->state, layer, rank);
        polish->steps++;
        if (worth > *most) {
            *most = worth;
            best = layer;
        }
    }
    return best;
}

static void join(struct polish *polish, size_t rank)
{
    while (polish->state->load[rank] < polish->wide->net->slots[rank]) {
        double most = 0;
        size_t best = find_join(polish, rank, &most);
        if (best == SIZE_MAX)
            return;
        wide_join(polish->wide, polish->state, best, rank);
    }
}

/* Leaves each layer for a better one. */
static void change(struct polish *polish, size_t rank)
{
    for (size_t layer = 0; layer < polish->state->layer_count; layer++) {
        if (!wide_is_in(wide_users(polish->wide, polish->state, layer), rank))
            continue;
        double most = wide_user_worth(polish->wide, polish->state, layer, rank);
        wide_leave(polish->wide, polish->state, layer, rank);
        size_t best = find_join(polish, rank, &most);
        wide_join(polish->wide, polish->state, best == SIZE_MAX ? layer : best, rank);
    }
}

static void unite(struct polish *polish)
{
    for (size_t a = 0; a < polish->state->layer_count; a++)
        for (size_t b = a + 1; b < polish->state->layer_count; b++) {
            polish->steps++;
            if (is_live(polish, a) && is_live(polish, b) &&
                wide_union_worth(polish->wide, polish->state, a, b) > 0)
                wide_unite(polish->wide, polish->state, a, b);
        }
}

static bool has_room(const struct polish *polish, size_t rank)
{
    return polish->state->load[rank] < polish->wide->net->slots[rank];
}

/* All with room join, that have more of it than they pay. */
static void gather(struct polish *polish, size_t layer)
{
    for (size_t rank = 0; rank < polish->wide->function_count; rank++)
        if (has_room(polish, rank) && !wide_is_in(wide_users(polish->wide, polish->state, layer), rank) &&
            wide_join_worth(polish->wide, polish->state, layer, rank) > 0)
            wide_join(polish->wide, polish->state, layer, rank);
}

/* A layer begins with one class and those with room that carry it; what saves most then goes in, again and again. */
static void make_new(struct polish *polish, size_t seed)
{
    const struct wide *wide = polish->wide;
    struct wide_state *state = polish->state;
    double before = state->worth;
    size_t layer = wide_open(wide, state, wide->list[seed].bucket);
    if (layer == SIZE_MAX)
        return;
    wide_put(wide, state, layer, seed);
    gather(polish, layer);
    for (size_t step = 0; step < wide->class_count; step++) {
        double most = 0;
        size_t best = SIZE_MAX;
        for (size_t c = 0; c < wide->class_count; c++) {
            if (wide_is_in(wide_holds(wide, state, layer), c))
                continue;
            double worth = wide_put_worth(wide, state, layer, c);
            if (worth > most) {
                most = worth;
                best = c;
            }
        }
        polish->steps += wide->class_count;
        if (best == SIZE_MAX)
            break;
        wide_put(wide, state, layer, best);
        gather(polish, layer);
    }
    leave_bad(polish, layer);
    take_bad(polish, layer);
    if (state->worth <= before)
        wide_close(wide, state, layer);
}

static void make_all(struct polish *polish)
{
    const struct wide *wide = polish->wide;
    size_t from = (size_t)(layer_random(&polish->wide->random) % wide->class_count), seeds = 0;
    for (size_t i = 0; i < wide->class_count && seeds < SEEDS && polish->steps < STEPS; i++) {
        size_t c = (from + i) % wide->class_count, count = 0;
        const uint64_t *carried = wide_carried(wide, c);
        WIDE_EACH(rank, carried, wide->words)
        {
            count += has_room(polish, rank) && !wide_is_in(wide_had(wide, polish->state, c), rank);
        }
        if (count < 2)
            continue;
        make_new(polish, c);
        seeds++;
    }
}

void wide_polish(struct wide *wide, bool new, struct wide_state *state)
{
    struct polish polish = {wide, state, 0};
    double before = -1;
    for (unsigned round = 0; round < ROUNDS && state->worth > before && polish.steps < STEPS; round++) {
        before = state->worth;
        for (size_t layer = 0; layer < state->layer_count; layer++) {
            take_bad(&polish, layer);
            leave_bad(&polish, layer);
            close_bad(&polish, layer);
        }
        if (new)
            make_all(&polish);
        for (size_t c = 0; c < wide->class_count && polish.steps < STEPS; c++)
            put_class(&polish, c);
        for (size_t rank = 0; rank < wide->function_count && polish.steps < STEPS; rank++) {
            join(&polish, rank);
            change(&polish, rank);
        }
        if (new)
            unite(&polish);
    }
}
