#include "layer/layer_places.h"
#include "layer/layer_use.h"

#include <stdlib.h>

#define WEIGHT_BITS 61 /* of the sum of all weights, each counted as often as it is carried */

/* A name, and where it stood. */
struct named {
    const char *name;
    uint32_t at;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

static bool order_functions(struct layer_net *net, struct shared_arena *arena)
{
    size_t count = net->function_count;
    struct named *named = layer_zeroed(arena, count, sizeof(*named));
    net->order = layer_zeroed(arena, count, sizeof(*net->order));
    if (!named || !net->order)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *name = net->problem->functions[i].name;
        named[i] = (struct named){name ? name : "", (uint32_t)i};
    }
    qsort(named, count, sizeof(*named), compare_named);
    for (size_t i = 0; i < count; i++)
        net->order[i] = named[i].at;
    return true;
}

/* What a function may attach: nothing where it is over the limit before layers come into it. */
static bool weigh_functions(struct layer_net *net, struct shared_arena *arena)
{
    const struct layer_problem *problem = net->problem;
    net->slots = layer_zeroed(arena, net->function_count, sizeof(*net->slots));
    net->unzipped = layer_zeroed(arena, net->function_count, sizeof(*net->unzipped));
    if (!net->slots || !net->unzipped)
        return false;
    for (size_t rank = 0; rank < net->function_count; rank++) {
        const struct layer_function *function = &problem->functions[net->order[rank]];
        uint64_t unzipped = 0;
        for (size_t i = 0; i < function->items.count; i++)
            unzipped = layer_sum(unzipped, problem->items[function->items.items[i]].unzipped_bytes);
        if (unzipped < function->unzipped_bytes)
            unzipped = function->unzipped_bytes;
        net->unzipped[rank] = unzipped;
        bool within = unzipped <= problem->unzipped_limit_bytes && unzipped < UINT64_MAX;
        unsigned slots = function->slots < LAYER_SLOTS ? function->slots : LAYER_SLOTS;
        net->slots[rank] = within ? (unsigned char)slots : 0;
    }
    return true;
}

static bool list_users(struct layer_net *net, struct shared_arena *arena)
{
    size_t *begin = net->users.begin = layer_zeroed(arena, net->item_count + 2, sizeof(*begin));
    if (!begin)
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        const struct layer_set *items = layer_carried_by(net, rank);
        for (size_t i = 0; net->slots[rank] && i < items->count; i++)
            begin[items->items[i] + 2]++;
    }
    for (size_t i = 2; i < net->item_count + 2; i++)
        begin[i] += begin[i - 1];
    /* Each is one too far to the right, and moves to its place as its users are written. */
    net->users.list = layer_zeroed(arena, begin[net->item_count + 1], sizeof(*net->users.list));
    if (!net->users.list)
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        const struct layer_set *items = layer_carried_by(net, rank);
        for (size_t i = 0; net->slots[rank] && i < items->count; i++)
            net->users.list[begin[items->items[i] + 1]++] = rank;
    }
    return true;
}

/*
 * A layer is published as a whole whenever one item of it changes, so an item that has changed c times costs its
 * company c publications. Those within a factor of four of each other pay about as much with each other as
 * alone, and finer buckets would eat the few layers that a function may attach: 0, 1 to 3, 4 to 15, 16 to 63, …
 */
static unsigned char bucket_of(uint64_t changes)
{
    unsigned char bucket = 0;
    for (; changes; changes >>= 2)
        bucket++;
    return bucket;
}

static bool weigh_items(struct layer_net *net, struct shared_arena *arena)
{
    const struct layer_problem *problem = net->problem;
    net->weight = layer_zeroed(arena, net->item_count, sizeof(*net->weight));
    net->bucket = layer_zeroed(arena, net->item_count, sizeof(*net->bucket));
    if (!net->weight || !net->bucket)
        return false;
    unsigned __int128 all = 0;
    for (size_t i = 0; i < net->item_count; i++) {
        size_t carried = net->users.begin[i + 1] - net->users.begin[i];
        all += (unsigned __int128)problem->items[i].zip_bytes * carried;
        net->bucket[i] = bucket_of(problem->items[i].changes);
    }
    unsigned shift = 0;
    while (all >> shift >> WEIGHT_BITS)
        shift++;
    net->shift = shift;
    for (size_t i = 0; i < net->item_count; i++)
        net->weight[i] = problem->items[i].zip_bytes >> shift;
    /* Where it is more than there is to be saved, a little more than that will do as well. */
    net->overhead = problem->layer_overhead_bytes >> shift;
    if (net->overhead > all >> shift)
        net->overhead = (uint64_t)(all >> shift) + 1;
    return true;
}

bool layer_net_make(const struct layer_problem *problem, struct shared_arena *arena, struct layer_net *net)
{
    *net = (struct layer_net){
        .problem = problem, .function_count = problem->function_count, .item_count = problem->item_count};
    if (net->function_count >= LAYER_NO || net->item_count >= LAYER_NO)
        return false;
    bool foreign = problem->last_count > 0 || problem->extra_bytes > 0;
    return order_functions(net, arena) && weigh_functions(net, arena) && list_users(net, arena) &&
           weigh_items(net, arena) && layer_places_number(net, arena) && layer_use_make(net, arena) &&
           (!foreign || layer_places_nest(net, arena));
}
