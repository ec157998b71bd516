/*
 * As layer_merge.c, one layer for each class at first, and while functions attach too many the move that costs least per
 * attachment too many that it takes away; but two layers may also become one for all users of either, who bear what
 * they do not carry. That a price was found some time ago is looked after when it is the least.
 */
#include "layer/layer_wide.h"

#include <math.h>

#define WORK (48u << 20) /* steps, in all */
#define TRIES 3          /* unions of one layer whose worth is found out, at a time */

enum way { GIVE_UP, SPLIT, UNITE };

struct move {
    double price;
    enum way way;
    uint32_t partner, partner_version, relieved;
};

struct part {
    size_t count;           /* users */
    double strangers_price; /* of all that it holds */
    double worth;           /* of what users have */
    uint32_t version;
    bool alive;
    struct move best;
};

/* A layer of a function, and what that has of it. */
struct held {
    uint32_t layer;
    double worth;
};

struct wide_merger {
    struct wide *wide;
    struct wide_state *state;
    struct part *parts;
    struct held **held;                    /* of each function */
    uint64_t *over;                        /* functions that attach too many */
    uint32_t *common, *common_over, *near; /* of each layer, while one is looked at */
    double *own, *others; /* worth, to the common users, of the one that is looked at, and of this */
    uint64_t work;
};

static void set_over(struct wide_merger *merger, size_t rank)
{
    bool over = merger->state->load[rank] > merger->wide->net->slots[rank];
    (over ? wide_add : wide_remove)(merger->over, rank);
}

static bool start(struct wide_merger *merger, struct shared_arena *scratch)
{
    const struct wide *wide = merger->wide;
    size_t count = wide->class_count, functions = wide->function_count;
    merger->parts = layer_zeroed(scratch, count, sizeof(*merger->parts));
    merger->held = layer_zeroed(scratch, functions, sizeof(*merger->held));
    merger->over = layer_zeroed(scratch, wide->words, sizeof(uint64_t));
    merger->common = layer_zeroed(scratch, count, sizeof(uint32_t));
    merger->common_over = layer_zeroed(scratch, count, sizeof(uint32_t));
    merger->near = layer_zeroed(scratch, count, sizeof(uint32_t));
    merger->own = layer_zeroed(scratch, count, sizeof(double));
    merger->others = layer_zeroed(scratch, count, sizeof(double));
    if (!merger->parts || !merger->held || !merger->over || !merger->common || !merger->common_over ||
        !merger->near || !merger->own || !merger->others)
        return false;
    for (size_t c = 0; c < count; c++) {
        const struct layer_class *class = &wide->classes->list[c];
        struct wide_state *state = merger->state;
        state->bucket[c] = (unsigned char)class->bucket;
        state->layer_count = c + 1;
        for (uint32_t i = 0; i < class->user_count; i++)
            wide_join(wide, state, c, class->users[i]);
        wide_put(wide, state, c, c);
        merger->parts[c] = (struct part){.count = class->user_count,
                                         .strangers_price = wide->list[c].price,
                                         .worth = wide->list[c].weight * (double)class->user_count,
                                         .alive = true};
    }
    for (size_t rank = 0; rank < functions; rank++) {
        merger->held[rank] = layer_zeroed(scratch, merger->state->load[rank], sizeof(struct held));
        if (!merger->held[rank])
            return false;
        set_over(merger, rank);
    }
    uint32_t *at = layer_zeroed(scratch, functions, sizeof(*at));
    for (uint32_t c = 0; at && c < count; c++)
        for (uint32_t i = 0; i < wide->classes->list[c].user_count; i++) {
            uint32_t rank = wide->classes->list[c].users[i];
            merger->held[rank][at[rank]++] = (struct held){c, wide->list[c].weight};
        }
    return at != NULL;
}

static uint32_t count_relieved(const struct wide_merger *merger, size_t layer, const struct move *move)
{
    const struct wide *wide = merger->wide;
    const uint64_t *a = wide_users(wide, merger->state, layer);
    const uint64_t *b = wide_users(wide, merger->state, move->partner);
    uint32_t count = 0;
    for (size_t i = 0; i < wide->words; i++) {
        uint64_t users = move->way == GIVE_UP ? a[i] : move->way == SPLIT ? a[i] ^ b[i] : a[i] & b[i];
        count += (uint32_t)__builtin_popcountll(users & merger->over[i]);
    }
    return count;
}

static void offer(const struct wide_merger *merger, struct part *part, uint32_t partner, enum way way,
                  double loss, uint32_t relieved)
{
    if (relieved == 0)
        return;
    double price = (loss > 0 ? loss : 0) / relieved;
    if (price > part->best.price || (price == part->best.price && partner >= part->best.partner))
        return;
    part->best = (struct move){price, way, partner, merger->parts[partner].version, relieved};
}

/* Finds the layers that users of one attach too; how many there are. */
static size_t find_near(struct wide_merger *merger, size_t layer)
{
    const uint64_t *users = wide_users(merger->wide, merger->state, layer);
    size_t found = 0;
    WIDE_EACH(rank, users, merger->wide->words)
    {
        const struct held *held = merger->held[rank];
        uint32_t load = merger->state->load[rank], over = wide_is_in(merger->over, rank);
        double own = 0;
        merger->work += load;
        for (uint32_t i = 0; i < load; i++)
            own = held[i].layer == layer ? held[i].worth : own;
        for (uint32_t i = 0; i < load; i++) {
            uint32_t other = held[i].layer;
            if (merger->common[other]++ == 0)
                merger->near[found++] = other;
            merger->common_over[other] += over;
            merger->own[other] += own;
            merger->others[other] += held[i].worth;
        }
    }
    return found;
}

/* The unions that seem best are looked at, as far as they may be the best move. */
static void offer_unions(struct wide_merger *merger, uint32_t layer, size_t found)
{
    struct part *part = &merger->parts[layer];
    double above = -1;
    for (unsigned try = 0; try < TRIES && merger->work < WORK; try++) {
        double least = INFINITY, loss = 0;
        uint32_t best = LAYER_NO;
        for (size_t i = 0; i < found; i++) {
            uint32_t other = merger->near[i], common = merger->common[other];
            const struct part *p = &merger->parts[other];
            if (other == layer || merger->common_over[other] == 0)
                continue;
            loss = part->strangers_price * (double)(p->count - common);
            loss += p->strangers_price * (double)(part->count - common);
            double price = loss / merger->common_over[other];
            if (price > above && (price < least || (price == least && other < best))) {
                least = price;
                best = other;
            }
        }
        if (best == LAYER_NO || least > part->best.price)
            return;
        above = least;
        merger->work += (part->count + merger->parts[best].count) * 8;
        double worth = wide_union_worth(merger->wide, merger->state, layer, best);
        if (worth != WIDE_NEVER) {
            offer(merger, part, best, UNITE, -worth, merger->common_over[best]);
            return;
        }
    }
}

static void look(struct wide_merger *merger, uint32_t layer)
{
    struct part *part = &merger->parts[layer];
    size_t found = find_near(merger, layer);
    uint32_t over = merger->common_over[layer];
    part->best = (struct move){.price = INFINITY, .partner = LAYER_NO};
    double weight = 0;
    const uint64_t *holds = wide_holds(merger->wide, merger->state, layer);
    WIDE_EACH(c, holds, merger->wide->class_words)
    {
        weight += merger->wide->list[c].weight;
    }
    offer(merger, part, layer, GIVE_UP, part->worth - weight, over);
    for (size_t i = 0; i < found; i++) {
        uint32_t other = merger->near[i];
        const struct part *p = &merger->parts[other];
        if (other != layer && merger->common[other] > 1 &&
            merger->state->bucket[other] == merger->state->bucket[layer])
            offer(merger, part, other, SPLIT,
                  part->worth - merger->own[other] + p->worth - merger->others[other],
                  count_relieved(merger, layer, &(struct move){.way = SPLIT, .partner = other}));
    }
    offer_unions(merger, layer, found);
    for (size_t i = 0; i < found; i++) {
        uint32_t other = merger->near[i];
        merger->common[other] = merger->common_over[other] = 0;
        merger->own[other] = merger->others[other] = 0;
    }
}

static void drop_held(struct wide_merger *merger, size_t rank, uint32_t layer)
{
    struct held *held = merger->held[rank];
    uint32_t load = merger->state->load[rank], at = 0;
    while (held[at].layer != layer)
        at++;
    memmove(held + at, held + at + 1, (load - at - 1) * sizeof(*held));
    merger->work += load;
}

static void leave(struct wide_merger *merger, size_t layer, size_t rank)
{
    drop_held(merger, rank, (uint32_t)layer);
    wide_leave(merger->wide, merger->state, layer, rank);
    set_over(merger, rank);
}

static void give_up(struct wide_merger *merger, size_t layer)
{
    const uint64_t *users = wide_users(merger->wide, merger->state, layer);
    WIDE_EACH(rank, users, merger->wide->words)
    {
        leave(merger, layer, rank);
    }
    wide_close(merger->wide, merger->state, layer);
    merger->parts[layer].alive = false;
}

/* Says anew what users have of a layer that has changed. */
static void renew(struct wide_merger *merger, uint32_t layer)
{
    const uint64_t *users = wide_users(merger->wide, merger->state, layer);
    const uint64_t *holds = wide_holds(merger->wide, merger->state, layer);
    struct part *part = &merger->parts[layer];
    part->worth = part->strangers_price = 0;
    part->version++;
    part->count = wide_count(users, merger->wide->words);
    WIDE_EACH(c, holds, merger->wide->class_words)
    {
        part->strangers_price += merger->wide->list[c].price;
    }
    WIDE_EACH(rank, users, merger->wide->words)
    {
        uint32_t load = merger->state->load[rank], at = 0;
        struct held *held = merger->held[rank];
        while (at + 1 < load && held[at].layer != layer)
            at++;
        held[at] = (struct held){layer, wide_user_worth(merger->wide, merger->state, layer, rank)};
        part->worth += held[at].worth;
        merger->work += load;
    }
}

static void split(struct wide_merger *merger, uint32_t layer, uint32_t other)
{
    const struct wide *wide = merger->wide;
    const uint64_t *a = wide_users(wide, merger->state, layer), *b = wide_users(wide, merger->state, other);
    const uint64_t *held = wide_holds(wide, merger->state, other);
    WIDE_EACH(rank, a, wide->words)
    {
        if (!wide_is_in(b, rank))
            leave(merger, layer, rank);
    }
    WIDE_EACH(rank, b, wide->words)
    {
        leave(merger, other, rank);
    }
    WIDE_EACH(c, held, wide->class_words)
    {
        wide_take(wide, merger->state, other, c);
        wide_put(wide, merger->state, layer, c);
    }
    merger->parts[other].alive = false;
    renew(merger, layer);
}

static void unite(struct wide_merger *merger, uint32_t layer, uint32_t other)
{
    const struct wide *wide = merger->wide;
    const uint64_t *a = wide_users(wide, merger->state, layer), *b = wide_users(wide, merger->state, other);
    WIDE_EACH(rank, b, wide->words)
    {
        struct held *held = merger->held[rank];
        uint32_t at = 0;
        while (held[at].layer != other)
            at++;
        if (wide_is_in(a, rank))
            drop_held(merger, rank, other);
        else
            held[at].layer = layer;
    }
    wide_unite(wide, merger->state, layer, other);
    WIDE_EACH(rank, a, wide->words)
    {
        set_over(merger, rank);
    }
    merger->parts[other].alive = false;
    renew(merger, layer);
}

/* Whether a layer's best move is still what it was when it was found. */
static bool is_current(const struct wide_merger *merger, uint32_t layer)
{
    const struct move *best = &merger->parts[layer].best;
    const struct part *partner = &merger->parts[best->partner];
    return partner->alive && partner->version == best->partner_version &&
           count_relieved(merger, layer, best) == best->relieved &&
           (best->way != UNITE ||
            wide_union_worth(merger->wide, merger->state, layer, best->partner) != WIDE_NEVER);
}

static void run(struct wide_merger *merger)
{
    size_t count = merger->wide->class_count;
    for (uint32_t layer = 0; layer < count; layer++)
        look(merger, layer);
    while (merger->work < 2 * WORK) {
        uint32_t least = LAYER_NO;
        for (uint32_t i = 0; i < count; i++)
            if (merger->parts[i].alive && merger->parts[i].best.price < INFINITY &&
                (least == LAYER_NO || merger->parts[i].best.price < merger->parts[least].best.price))
                least = i;
        merger->work += count / 8;
        if (least == LAYER_NO)
            return;
        const struct move best = merger->parts[least].best;
        if (!is_current(merger, least)) {
            look(merger, least);
            continue;
        }
        if (best.way == GIVE_UP) {
            give_up(merger, least);
            continue;
        }
        (best.way == SPLIT ? split : unite)(merger, least, best.partner);
        look(merger, least);
    }
}

/* Functions that still attach too many keep those they have most of. */
static void cut(struct wide_merger *merger)
{
    for (size_t rank = 0; rank < merger->wide->function_count; rank++)
        while (wide_is_in(merger->over, rank)) {
            const struct held *held = merger->held[rank];
            uint32_t least = 0;
            for (uint32_t i = 1; i < merger->state->load[rank]; i++)
                least = held[i].worth < held[least].worth ? i : least;
            leave(merger, held[least].layer, rank);
        }
}

bool wide_merge(struct wide *wide, struct shared_arena *scratch, struct wide_state *state)
{
    struct wide_merger merger = {.wide = wide, .state = state};
    if (!start(&merger, scratch))
        return false;
    run(&merger);
    cut(&merger);
    return true;
}
