/*
 * One layer for each class is the cheapest plan, but functions attach too many of them. While one does, the move
 * that costs fewest bytes per attachment too many that it takes away is made: two layers become one for the
 * functions that attach both, or a layer is given up.
 *
 * A move's price only rises, as it has fewer attachments to take away, so that the price of each group's best move, computed
 * some time ago, is a bound from below: the heap's first is computed again until it stays first.
 */
#include "layer/layer_inner.h"

#include <math.h>

#define GROUPS 4096      /* classes that become layers: those with most bytes to save */
#define WORK (96u << 20) /* steps through lists, in all */
#define BLUR 0x3f        /* of 256, by which prices are blurred */
#define STALE UINT32_MAX /* a best move that must be computed again */

struct merged {
    uint32_t *users;
    uint32_t count, over; /* users; those of them that attach too many */
    unsigned bucket;
    bool alive;
    uint64_t weight;
    uint32_t version;
    uint32_t partner, partner_version, relieved; /* the best move; partner LAYER_NO: give it up */
    double price;
};

struct merge {
    const struct layer_net *net;
    struct merged *groups;
    uint32_t count;
    uint32_t **attached;                      /* of each rank: groups, in any order */
    uint32_t *load;                           /* of each rank */
    uint32_t *common, *common_over, *touched; /* of each group, while one is looked at */
    uint32_t *heap, *at;                      /* groups by price; where each is in it */
    uint32_t heap_count;
    uint64_t seed, work;
};

static bool is_over(const struct merge *merge, uint32_t rank)
{
    return merge->load[rank] > merge->net->slots[rank];
}

static bool before(const struct merge *merge, uint32_t a, uint32_t b)
{
    double x = merge->groups[a].price, y = merge->groups[b].price;
    return x != y ? x < y : a < b;
}

static void heap_put(struct merge *merge, uint32_t place, uint32_t group)
{
    merge->heap[place] = group;
    merge->at[group] = place;
}

/* Moves a group whose price changed to where it belongs. */
static void heap_settle(struct merge *merge, uint32_t group)
{
    uint32_t place = merge->at[group];
    while (place > 0 && before(merge, group, merge->heap[(place - 1) / 2])) {
        heap_put(merge, place, merge->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (uint32_t child; (child = 2 * place + 1) < merge->heap_count; place = child) {
        if (child + 1 < merge->heap_count && before(merge, merge->heap[child + 1], merge->heap[child]))
            child++;
        if (!before(merge, merge->heap[child], group))
            break;
        heap_put(merge, place, merge->heap[child]);
    }
    heap_put(merge, place, group);
}

static void heap_remove(struct merge *merge, uint32_t group)
{
    uint32_t place = merge->at[group], last = merge->heap[--merge->heap_count];
    if (last == group)
        return;
    heap_put(merge, place, last);
    heap_settle(merge, last);
}

/* Blurred the same way whenever the same two are looked at. */
static double blur(const struct merge *merge, uint32_t a, uint32_t b, double price)
{
    if (merge->seed == 0)
        return price;
    uint64_t state = merge->seed + (a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a);
    return price * (double)(256 + (layer_random(&state) & BLUR));
}

static void offer(struct merge *merge, uint32_t group, uint32_t partner, uint64_t loss, uint32_t relieved)
{
    struct merged *g = &merge->groups[group];
    if (relieved == 0)
        return;
    double price = blur(merge, group, partner, (double)loss) / (double)relieved;
    if (price > g->price || (price == g->price && partner >= g->partner))
        return;
    g->price = price;
    g->partner = partner;
    g->partner_version = partner == LAYER_NO ? 0 : merge->groups[partner].version;
    g->relieved = relieved;
}

/* Finds the best move of a group: looks at the groups that its users attach too. */
static void look(struct merge *merge, uint32_t group)
{
    struct merged *g = &merge->groups[group];
    uint32_t found = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t rank = g->users[i], over = is_over(merge, rank);
        merge->work += merge->load[rank];
        for (uint32_t j = 0; j < merge->load[rank]; j++) {
            uint32_t other = merge->attached[rank][j];
            if (merge->common[other]++ == 0)
                merge->touched[found++] = other;
            merge->common_over[other] += over;
        }
    }
    g->price = INFINITY;
    g->partner = STALE - 1;
    offer(merge, group, LAYER_NO, g->weight * (g->count - 1), g->over);
    for (uint32_t i = 0; i < found; i++) {
        uint32_t other = merge->touched[i], common = merge->common[other];
        const struct merged *h = &merge->groups[other];
        if (other != group && common > 1 && h->bucket == g->bucket)
            offer(merge, group, other, g->weight * (g->count - common) + h->weight * (h->count - common),
                  g->over + h->over - merge->common_over[other]);
        merge->common[other] = merge->common_over[other] = 0;
    }
}

/* A function attaches a group no longer; where it attaches not too many any more, its other groups know. */
static void detach(struct merge *merge, uint32_t rank, uint32_t group)
{
    bool was_over = is_over(merge, rank);
    uint32_t *list = merge->attached[rank], at = 0;
    while (list[at] != group)
        at++;
    list[at] = list[--merge->load[rank]];
    merge->work += merge->load[rank];
    if (!was_over || is_over(merge, rank))
        return;
    for (uint32_t i = 0; i < merge->load[rank]; i++)
        merge->groups[list[i]].over--;
}

static void give_up(struct merge *merge, uint32_t group)
{
    struct merged *g = &merge->groups[group];
    for (uint32_t i = 0; i < g->count; i++)
        detach(merge, g->users[i], group);
    g->alive = false;
    g->count = 0;
    heap_remove(merge, group);
}

/* Leaves in a group the users that attach another one too. */
static void intersect(struct merge *merge, uint32_t group, uint32_t other)
{
    struct merged *g = &merge->groups[group];
    const struct merged *h = &merge->groups[other];
    uint32_t kept = 0;
    for (uint32_t i = 0, j = 0; i < g->count; i++) {
        while (j < h->count && h->users[j] < g->users[i])
            j++;
        if (j < h->count && h->users[j] == g->users[i])
            g->users[kept++] = g->users[i];
        else
            detach(merge, g->users[i], group);
    }
    g->count = kept;
}

static void join(struct merge *merge, uint32_t group, uint32_t other)
{
    struct merged *g = &merge->groups[group];
    intersect(merge, group, other);
    g->weight += merge->groups[other].weight;
    g->version++;
    give_up(merge, other);
    g->over = 0;
    for (uint32_t i = 0; i < g->count; i++)
        g->over += is_over(merge, g->users[i]);
    look(merge, group);
    heap_settle(merge, group);
}

/* Whether a group's best move is still what it was when it was found. */
static bool is_current(const struct merge *merge, const struct merged *g)
{
    if (g->partner == LAYER_NO)
        return g->relieved == g->over;
    const struct merged *h = &merge->groups[g->partner];
    if (!h->alive || h->version != g->partner_version)
        return false;
    uint32_t relieved = g->over;
    for (uint32_t i = 0, j = 0; i < h->count; i++) {
        while (j < g->count && g->users[j] < h->users[i])
            j++;
        bool common = j < g->count && g->users[j] == h->users[i];
        relieved += !common && is_over(merge, h->users[i]);
    }
    return relieved == g->relieved;
}

static void run(struct merge *merge)
{
    for (uint32_t group = 0; group < merge->count; group++)
        look(merge, group);
    for (uint32_t place = 0; place < merge->count; place++) {
        merge->heap_count = place + 1;
        heap_put(merge, place, place);
        heap_settle(merge, place);
    }
    while (merge->heap_count > 0 && merge->work < WORK) {
        uint32_t group = merge->heap[0];
        struct merged *g = &merge->groups[group];
        if (g->price == INFINITY)
            return;
        if (!is_current(merge, g)) {
            look(merge, group);
            heap_settle(merge, group);
        } else if (g->partner == LAYER_NO) {
            give_up(merge, group);
        } else {
            join(merge, group, g->partner);
        }
    }
}

/* Functions that still attach too many keep the heaviest. */
static void cut(struct merge *merge)
{
    for (uint32_t rank = 0; rank < merge->net->function_count; rank++) {
        while (is_over(merge, rank)) {
            uint32_t least = merge->attached[rank][0];
            for (uint32_t i = 1; i < merge->load[rank]; i++) {
                uint32_t other = merge->attached[rank][i];
                uint64_t x = merge->groups[other].weight, y = merge->groups[least].weight;
                if (x < y || (x == y && other > least))
                    least = other;
            }
            detach(merge, rank, least);
            struct merged *g = &merge->groups[least];
            uint32_t kept = 0;
            for (uint32_t i = 0; i < g->count; i++)
                if (g->users[i] != rank)
                    g->users[kept++] = g->users[i];
            g->count = kept;
        }
    }
}

static bool start(struct merge *merge, const struct layer_classes *classes, struct shared_arena *arena)
{
    const struct layer_net *net = merge->net;
    uint32_t count = merge->count = classes->count < GROUPS ? (uint32_t)classes->count : GROUPS;
    merge->groups = layer_zeroed(arena, count, sizeof(*merge->groups));
    merge->common = layer_zeroed(arena, count, sizeof(uint32_t));
    merge->common_over = layer_zeroed(arena, count, sizeof(uint32_t));
    merge->touched = layer_zeroed(arena, count, sizeof(uint32_t));
    merge->heap = layer_zeroed(arena, count, sizeof(uint32_t));
    merge->at = layer_zeroed(arena, count, sizeof(uint32_t));
    merge->load = layer_zeroed(arena, net->function_count, sizeof(uint32_t));
    merge->attached = layer_zeroed(arena, net->function_count, sizeof(uint32_t *));
    if (!merge->groups || !merge->common || !merge->common_over || !merge->touched || !merge->heap ||
        !merge->at || !merge->load || !merge->attached)
        return false;
    for (uint32_t c = 0; c < count; c++) {
        const struct layer_class *class = &classes->list[c];
        struct merged *g = &merge->groups[c];
        *g = (struct merged){.count = class->user_count, .bucket = class->bucket, .alive = true};
        g->weight = class->weight;
        g->users = layer_zeroed(arena, g->count, sizeof(*g->users));
        if (!g->users)
            return false;
        memcpy(g->users, class->users, g->count * sizeof(*g->users));
        for (uint32_t i = 0; i < g->count; i++)
            merge->load[g->users[i]]++;
    }
    return true;
}

static bool attach_all(struct merge *merge, struct shared_arena *arena)
{
    for (uint32_t rank = 0; rank < merge->net->function_count; rank++) {
        merge->attached[rank] = layer_zeroed(arena, merge->load[rank], sizeof(uint32_t));
        if (!merge->attached[rank])
            return false;
        merge->load[rank] = 0;
    }
    for (uint32_t c = 0; c < merge->count; c++)
        for (uint32_t i = 0; i < merge->groups[c].count; i++) {
            uint32_t rank = merge->groups[c].users[i];
            merge->attached[rank][merge->load[rank]++] = c;
        }
    for (uint32_t c = 0; c < merge->count; c++)
        for (uint32_t i = 0; i < merge->groups[c].count; i++)
            merge->groups[c].over += is_over(merge, merge->groups[c].users[i]);
    return true;
}

bool layer_merge(const struct layer_net *net, const struct layer_classes *classes, uint64_t seed,
                 struct shared_arena *arena, struct layer_family *family)
{
    struct merge merge = {.net = net, .seed = seed};
    if (!start(&merge, classes, arena) || !attach_all(&merge, arena))
        return false;
    run(&merge);
    cut(&merge);
    *family = (struct layer_family){layer_zeroed(arena, merge.count, sizeof(*family->groups)), 0};
    if (!family->groups)
        return false;
    for (uint32_t i = 0; i < merge.count; i++)
        if (merge.groups[i].count > 1)
            family->groups[family->count++] =
                (struct layer_group){merge.groups[i].users, merge.groups[i].count, merge.groups[i].bucket};
    return true;
}
