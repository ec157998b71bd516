#include "layer/layer_wide.h"

size_t wide_count(const uint64_t *set, size_t words)
{
    size_t count = 0;
    for (size_t i = 0; i < words; i++)
        count += (size_t)__builtin_popcountll(set[i]);
    return count;
}

bool wide_state_init(const struct wide *wide, struct shared_arena *arena, struct wide_state *state)
{
    size_t layers = wide->layer_capacity;
    *state = (struct wide_state){
        .users = layer_zeroed(arena, layers * wide->words, sizeof(uint64_t)),
        .holds = layer_zeroed(arena, layers * wide->class_words, sizeof(uint64_t)),
        .had = layer_zeroed(arena, wide->class_count * wide->words, sizeof(uint64_t)),
        .group_had = layer_zeroed(arena, wide->group_count * wide->words, sizeof(uint64_t)),
        .room = layer_zeroed(arena, wide->function_count, sizeof(uint64_t)),
        .bucket = layer_zeroed(arena, layers, 1),
        .load = layer_zeroed(arena, wide->function_count, sizeof(uint32_t))};
    if (!state->users || !state->holds || !state->had || !state->group_had || !state->room ||
        !state->bucket || !state->load)
        return false;
    memcpy(state->room, wide->room, wide->function_count * sizeof(uint64_t));
    return true;
}

void wide_state_copy(const struct wide *wide, struct wide_state *to, const struct wide_state *from)
{
    size_t layers = to->layer_count > from->layer_count ? to->layer_count : from->layer_count;
    to->worth = from->worth;
    to->layer_count = from->layer_count;
    memcpy(to->users, from->users, layers * wide->words * sizeof(uint64_t));
    memcpy(to->holds, from->holds, layers * wide->class_words * sizeof(uint64_t));
    memcpy(to->had, from->had, wide->class_count * wide->words * sizeof(uint64_t));
    memcpy(to->group_had, from->group_had, wide->group_count * wide->words * sizeof(uint64_t));
    memcpy(to->room, from->room, wide->function_count * sizeof(uint64_t));
    memcpy(to->bucket, from->bucket, layers);
    memcpy(to->load, from->load, wide->function_count * sizeof(uint32_t));
}

bool wide_bears(const struct wide *wide, const struct wide_state *state, size_t class, size_t rank)
{
    const struct wide_class *c = &wide->list[class];
    if (c->alone || c->unzipped > state->room[rank] || wide_is_in(wide_barred(wide, class), rank))
        return false;
    for (size_t i = 0; i < c->group_count; i++) {
        size_t group = wide->groups[c->first_group + i];
        if (wide_is_in(wide->group_carried + group * wide->words, rank) ||
            wide_is_in(state->group_had + group * wide->words, rank))
            return false;
    }
    return true;
}

double wide_join_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t rank)
{
    const uint64_t *holds = wide_holds(wide, state, layer);
    double worth = 0;
    uint64_t need = 0;
    WIDE_EACH(c, holds, wide->class_words)
    {
        if (wide_is_in(wide_had(wide, state, c), rank))
            return WIDE_NEVER;
        if (wide_is_in(wide_carried(wide, c), rank)) {
            worth += wide->list[c].weight;
            continue;
        }
        if (!wide_bears(wide, state, c, rank))
            return WIDE_NEVER;
        worth -= wide->list[c].price;
        need = layer_sum(need, wide->list[c].unzipped);
    }
    return need <= state->room[rank] ? worth : WIDE_NEVER;
}

double wide_put_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t class)
{
    const uint64_t *users = wide_users(wide, state, layer), *had = wide_had(wide, state, class);
    const uint64_t *carried = wide_carried(wide, class);
    size_t own = 0, strangers = 0;
    if (wide->list[class].bucket != state->bucket[layer])
        return WIDE_NEVER;
    for (size_t i = 0; i < wide->words; i++) {
        if (users[i] & had[i])
            return WIDE_NEVER;
        own += (size_t)__builtin_popcountll(users[i] & carried[i]);
        strangers += (size_t)__builtin_popcountll(users[i] & ~carried[i]);
    }
    double worth = wide->list[class].weight * ((double)own - 1) - wide->list[class].price * (double)strangers;
    if (worth <= 0 || strangers == 0)
        return worth;
    WIDE_EACH(rank, users, wide->words)
    {
        if (!wide_is_in(carried, rank) && !wide_bears(wide, state, class, rank))
            return WIDE_NEVER;
    }
    return worth;
}

double wide_user_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t rank)
{
    const uint64_t *holds = wide_holds(wide, state, layer);
    double worth = 0;
    WIDE_EACH(c, holds, wide->class_words)
    {
        worth += wide_is_in(wide_carried(wide, c), rank) ? wide->list[c].weight : -wide->list[c].price;
    }
    return worth;
}

double wide_class_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t class)
{
    const uint64_t *users = wide_users(wide, state, layer), *carried = wide_carried(wide, class);
    double own = 0, strangers = 0;
    for (size_t i = 0; i < wide->words; i++) {
        own += __builtin_popcountll(users[i] & carried[i]);
        strangers += __builtin_popcountll(users[i] & ~carried[i]);
    }
    return wide->list[class].weight * (own - 1) - wide->list[class].price * strangers;
}

size_t wide_open(const struct wide *wide, struct wide_state *state, unsigned bucket)
{
    size_t layer = 0;
    while (layer < state->layer_count && (wide_count(wide_users(wide, state, layer), wide->words) > 0 ||
                                          wide_count(wide_holds(wide, state, layer), wide->class_words) > 0))
        layer++;
    if (layer == wide->layer_capacity)
        return SIZE_MAX;
    if (layer == state->layer_count)
        state->layer_count++;
    state->bucket[layer] = (unsigned char)bucket;
    return layer;
}

/* A user of a layer has a class from it, or has it no more. */
static void give(const struct wide *wide, struct wide_state *state, size_t class, size_t rank, bool more)
{
    const struct wide_class *c = &wide->list[class];
    void (*change)(uint64_t *, size_t) = more ? wide_add : wide_remove;
    change(wide_had(wide, state, class), rank);
    if (wide_is_in(wide_carried(wide, class), rank)) {
        state->worth += more ? c->weight : -c->weight;
        return;
    }
    state->worth += more ? -c->price : c->price;
    state->room[rank] += more ? -c->unzipped : c->unzipped;
    for (size_t i = 0; i < c->group_count; i++)
        change(state->group_had + wide->groups[c->first_group + i] * wide->words, rank);
}

void wide_join(const struct wide *wide, struct wide_state *state, size_t layer, size_t rank)
{
    const uint64_t *holds = wide_holds(wide, state, layer);
    wide_add(wide_users(wide, state, layer), rank);
    state->load[rank]++;
    WIDE_EACH(c, holds, wide->class_words)
    {
        give(wide, state, c, rank, true);
    }
}

void wide_leave(const struct wide *wide, struct wide_state *state, size_t layer, size_t rank)
{
    const uint64_t *holds = wide_holds(wide, state, layer);
    wide_remove(wide_users(wide, state, layer), rank);
    state->load[rank]--;
    WIDE_EACH(c, holds, wide->class_words)
    {
        give(wide, state, c, rank, false);
    }
}

void wide_put(const struct wide *wide, struct wide_state *state, size_t layer, size_t class)
{
    uint64_t *holds = wide_holds(wide, state, layer);
    const uint64_t *users = wide_users(wide, state, layer);
    if (wide_next(holds, wide->class_words, 0) == SIZE_MAX)
        state->worth -= wide->overhead;
    wide_add(holds, class);
    state->worth -= wide->list[class].weight;
    WIDE_EACH(rank, users, wide->words)
    {
        give(wide, state, class, rank, true);
    }
}

void wide_take(const struct wide *wide, struct wide_state *state, size_t layer, size_t class)
{
    uint64_t *holds = wide_holds(wide, state, layer);
    const uint64_t *users = wide_users(wide, state, layer);
    wide_remove(holds, class);
    if (wide_next(holds, wide->class_words, 0) == SIZE_MAX)
        state->worth += wide->overhead;
    state->worth += wide->list[class].weight;
    WIDE_EACH(rank, users, wide->words)
    {
        give(wide, state, class, rank, false);
    }
}

void wide_close(const struct wide *wide, struct wide_state *state, size_t layer)
{
    const uint64_t *holds = wide_holds(wide, state, layer), *users = wide_users(wide, state, layer);
    WIDE_EACH(c, holds, wide->class_words)
    {
        wide_take(wide, state, layer, c);
    }
    WIDE_EACH(rank, users, wide->words)
    {
        wide_leave(wide, state, layer, rank);
    }
}

double wide_union_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t other)
{
    const uint64_t *a = wide_users(wide, state, layer), *b = wide_users(wide, state, other);
    double worth = wide->overhead;
    if (state->bucket[layer] != state->bucket[other])
        return WIDE_NEVER;
    for (size_t i = 0; i < wide->words; i++)
        for (uint64_t bits = a[i] ^ b[i]; bits; bits &= bits - 1) {
            size_t rank = 64 * i + (size_t)__builtin_ctzll(bits);
            double joined = wide_join_worth(wide, state, wide_is_in(a, rank) ? other : layer, rank);
            if (joined == WIDE_NEVER)
                return WIDE_NEVER;
            worth += joined;
        }
    return worth;
}

void wide_unite(const struct wide *wide, struct wide_state *state, size_t layer, size_t other)
{
    const uint64_t *a = wide_users(wide, state, layer), *b = wide_users(wide, state, other);
    const uint64_t *held = wide_holds(wide, state, other);
    WIDE_EACH(rank, b, wide->words)
    {
        if (!wide_is_in(a, rank))
            wide_join(wide, state, layer, rank);
        wide_leave(wide, state, other, rank);
    }
    WIDE_EACH(c, held, wide->class_words)
    {
        wide_take(wide, state, other, c);
        wide_put(wide, state, layer, c);
    }
}
