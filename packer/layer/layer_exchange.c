/*
 * New layers for what functions still carry themselves, where it is worth more than the layers they attach least
 * gladly: a function without room leaves the lightest of its layers for a heavier one. Made of the same classes, the
 * layers so left may come to nothing; whether all of it saves more, the contents of the whole family say, and where it does not,
 * nothing is changed.
 */
#include "base/cleanup.h"
#include "layer/layer_inner.h"

#include <stdlib.h>

#define ROUNDS 40
#define WORK (24u << 20) /* steps through lists, in all */
#define SEEDS 512        /* classes that new layers begin with, in a round */
#define STEPS 6          /* times that a layer gets fewer users and more classes */

struct exchange {
    const struct layer_net *net;
    const struct layer_classes *classes;
    const struct layer_family *family;
    const struct layer_contents *contents;
    size_t *rest_begin; /* of each class: users that have it from no layer */
    uint32_t *rest;
    size_t *of_begin; /* of each rank: classes it has from no layer */
    uint32_t *of_list;
    uint64_t *price;         /* of each rank: what an attachment costs it */
    uint32_t *lightest;      /* of each rank: the group that it would leave, or LAYER_NO */
    bool *taken;             /* of each rank: it attaches something new */
    uint32_t *met, *touched; /* of each class, while a layer is looked at */
    uint32_t *users, *fewer; /* of it */
    struct layer_group *added;
    size_t added_count;
    uint64_t work;
};

static bool exchange_init(struct exchange *exchange, struct shared_arena *arena)
{
    size_t functions = exchange->net->function_count, classes = exchange->classes->count, all = 0;
    for (size_t c = 0; c < classes; c++)
        all += exchange->classes->list[c].user_count;
    exchange->rest_begin = layer_zeroed(arena, classes + 2, sizeof(size_t));
    exchange->rest = layer_zeroed(arena, all, sizeof(uint32_t));
    exchange->of_begin = layer_zeroed(arena, functions + 2, sizeof(size_t));
    exchange->of_list = layer_zeroed(arena, all, sizeof(uint32_t));
    exchange->price = layer_zeroed(arena, functions, sizeof(uint64_t));
    exchange->lightest = layer_zeroed(arena, functions, sizeof(uint32_t));
    exchange->taken = layer_zeroed(arena, functions, sizeof(bool));
    exchange->met = layer_zeroed(arena, classes, sizeof(uint32_t));
    exchange->touched = layer_zeroed(arena, classes, sizeof(uint32_t));
    exchange->users = layer_zeroed(arena, functions, sizeof(uint32_t));
    exchange->fewer = layer_zeroed(arena, functions, sizeof(uint32_t));
    exchange->added = layer_zeroed(arena, SEEDS, sizeof(struct layer_group));
    return exchange->rest_begin && exchange->rest && exchange->of_begin && exchange->of_list &&
           exchange->price && exchange->lightest && exchange->taken && exchange->met && exchange->touched &&
           exchange->users && exchange->fewer && exchange->added;
}

/* Lists who has which class from no layer, both ways. */
static bool find_rest(struct exchange *exchange, struct shared_arena *arena)
{
    const struct layer_contents *contents = exchange->contents;
    const struct layer_classes *classes = exchange->classes;
    size_t groups = exchange->family->count, functions = exchange->net->function_count;
    size_t held = groups ? contents->begin[groups] : 0;
    size_t *begin = layer_zeroed(arena, classes->count + 2, sizeof(*begin));
    uint32_t *holders = layer_zeroed(arena, held, sizeof(*holders));
    uint32_t *covered = layer_zeroed(arena, functions, sizeof(*covered)); /* class + 1 */
    if (!begin || !holders || !covered)
        return false;
    for (size_t i = 0; i < held; i++)
        begin[contents->classes[i] + 2]++;
    for (size_t c = 2; c < classes->count + 2; c++)
        begin[c] += begin[c - 1];
    for (uint32_t g = 0; g < groups; g++)
        for (size_t i = contents->begin[g]; i < contents->begin[g + 1]; i++)
            holders[begin[contents->classes[i] + 1]++] = g;
    size_t at = 0;
    for (uint32_t c = 0; c < classes->count; c++) {
        for (size_t i = begin[c]; i < begin[c + 1]; i++)
            for (uint32_t j = 0; j < exchange->family->groups[holders[i]].count; j++)
                covered[exchange->family->groups[holders[i]].users[j]] = c + 1;
        exchange->rest_begin[c] = at;
        for (uint32_t i = 0; i < classes->list[c].user_count; i++) {
            uint32_t rank = classes->list[c].users[i];
            if (covered[rank] == c + 1)
                continue;
            exchange->rest[at++] = rank;
            exchange->of_begin[rank + 2]++;
        }
    }
    exchange->rest_begin[classes->count] = at;
    for (size_t i = 2; i < functions + 2; i++)
        exchange->of_begin[i] += exchange->of_begin[i - 1];
    for (uint32_t c = 0; c < classes->count; c++)
        for (size_t i = exchange->rest_begin[c]; i < exchange->rest_begin[c + 1]; i++)
            exchange->of_list[exchange->of_begin[exchange->rest[i] + 1]++] = c;
    exchange->work += at;
    return true;
}

/* What one more attachment costs each function: nothing where it has room. */
static bool find_prices(struct exchange *exchange, struct shared_arena *arena)
{
    const struct layer_net *net = exchange->net;
    unsigned char *load = layer_zeroed(arena, net->function_count, 1);
    if (!load)
        return false;
    for (size_t rank = 0; rank < net->function_count; rank++)
        exchange->lightest[rank] = LAYER_NO;
    for (uint32_t g = 0; g < exchange->family->count; g++)
        for (uint32_t i = 0; i < exchange->family->groups[g].count; i++) {
            uint32_t rank = exchange->family->groups[g].users[i];
            uint64_t weight = exchange->contents->weight[g];
            load[rank]++;
            if (exchange->lightest[rank] == LAYER_NO || weight < exchange->price[rank]) {
                exchange->lightest[rank] = g;
                exchange->price[rank] = weight;
            }
        }
    for (size_t rank = 0; rank < net->function_count; rank++)
        if (load[rank] < net->slots[rank]) {
            exchange->lightest[rank] = LAYER_NO;
            exchange->price[rank] = 0;
        }
    return true;
}

/* Classes that users have from no layer; those that all have weigh in. The best other one to come in next. */
static uint64_t weigh(struct exchange *exchange, const uint32_t *users, uint32_t count, unsigned bucket,
                      uint32_t *next)
{
    const struct layer_class *list = exchange->classes->list;
    size_t touched = 0;
    uint64_t weight = 0, most = 0;
    for (uint32_t i = 0; i < count; i++) {
        exchange->work += exchange->of_begin[users[i] + 1] - exchange->of_begin[users[i]];
        for (size_t j = exchange->of_begin[users[i]]; j < exchange->of_begin[users[i] + 1]; j++)
            if (exchange->met[exchange->of_list[j]]++ == 0)
                exchange->touched[touched++] = exchange->of_list[j];
    }
    *next = LAYER_NO;
    for (size_t i = 0; i < touched; i++) {
        uint32_t c = exchange->touched[i], met = exchange->met[c];
        exchange->met[c] = 0;
        if (list[c].bucket != bucket)
            continue;
        if (met == count)
            weight += list[c].weight;
        else if (met > 1 && (list[c].weight * met > most || (list[c].weight * met == most && c < *next))) {
            most = list[c].weight * met;
            *next = c;
        }
    }
    return weight;
}

/* What a layer of this weight is worth; users that lose by it are left out. */
static uint64_t settle_users(const struct exchange *exchange, uint32_t *users, uint32_t *count,
                             uint64_t weight)
{
    uint32_t kept = 0;
    uint64_t won = 0;
    for (uint32_t i = 0; i < *count; i++) {
        if (exchange->price[users[i]] >= weight)
            continue;
        won += weight - exchange->price[users[i]];
        users[kept++] = users[i];
    }
    *count = kept;
    uint64_t cost = layer_sum(weight, exchange->net->overhead);
    return kept > 1 && won > cost ? won - cost : 0;
}

static uint32_t keep_those_of(const struct exchange *exchange, uint32_t class, const uint32_t *users,
                              uint32_t count, uint32_t *fewer)
{
    uint32_t kept = 0;
    size_t j = exchange->rest_begin[class], end = exchange->rest_begin[class + 1];
    for (uint32_t i = 0; i < count; i++) {
        while (j < end && exchange->rest[j] < users[i])
            j++;
        if (j < end && exchange->rest[j] == users[i])
            fewer[kept++] = users[i];
    }
    return kept;
}

/* The worth of users with what they have in common, after those have left that lose by it. */
static uint64_t value(struct exchange *exchange, uint32_t *users, uint32_t *count, unsigned bucket,
                      uint32_t *next)
{
    for (;;) {
        uint32_t before = *count;
        uint64_t weight = weigh(exchange, users, *count, bucket, next);
        uint64_t worth = settle_users(exchange, users, count, weight);
        if (*count == before || *count < 2)
            return worth;
    }
}

/* A layer for what a class's users have in common, and then with fewer of them as long as that is worth more. */
static bool grow(struct exchange *exchange, uint32_t seed, struct shared_arena *arena)
{
    unsigned bucket = exchange->classes->list[seed].bucket;
    uint32_t count = 0, next = LAYER_NO;
    for (size_t i = exchange->rest_begin[seed]; i < exchange->rest_begin[seed + 1]; i++)
        if (!exchange->taken[exchange->rest[i]])
            exchange->users[count++] = exchange->rest[i];
    if (count < 2)
        return true;
    uint64_t worth = value(exchange, exchange->users, &count, bucket, &next);
    for (unsigned step = 0; step < STEPS && count > 1 && next != LAYER_NO; step++) {
        uint32_t fewer = keep_those_of(exchange, next, exchange->users, count, exchange->fewer), after;
        uint64_t other = fewer > 1 ? value(exchange, exchange->fewer, &fewer, bucket, &after) : 0;
        if (other <= worth)
            break;
        worth = other;
        count = fewer;
        next = after;
        memcpy(exchange->users, exchange->fewer, count * sizeof(*exchange->users));
    }
    if (worth == 0)
        return true;
    struct layer_group *group = &exchange->added[exchange->added_count++];
    *group = (struct layer_group){layer_zeroed(arena, count, sizeof(*group->users)), count, bucket};
    if (!group->users)
        return false;
    memcpy(group->users, exchange->users, count * sizeof(*group->users));
    for (uint32_t i = 0; i < count; i++)
        exchange->taken[group->users[i]] = true;
    return true;
}

/* The family with what was added, and without the attachments that were left for it. */
static bool write_family(const struct exchange *exchange, struct shared_arena *arena,
                         struct layer_family *family)
{
    const struct layer_family *old = exchange->family;
    *family = (struct layer_family){
        layer_zeroed(arena, old->count + exchange->added_count, sizeof(*family->groups)), 0};
    if (!family->groups)
        return false;
    for (uint32_t g = 0; g < old->count; g++) {
        struct layer_group group = old->groups[g];
        group.users = layer_zeroed(arena, group.count, sizeof(*group.users));
        if (!group.users)
            return false;
        group.count = 0;
        for (uint32_t i = 0; i < old->groups[g].count; i++) {
            uint32_t rank = old->groups[g].users[i];
            if (!exchange->taken[rank] || exchange->lightest[rank] != g)
                group.users[group.count++] = rank;
        }
        if (group.count > 1)
            family->groups[family->count++] = group;
    }
    for (size_t i = 0; i < exchange->added_count; i++)
        family->groups[family->count++] = exchange->added[i];
    return true;
}

static bool run(struct exchange *exchange, struct shared_arena *arena, struct layer_family *better)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    if (!exchange_init(exchange, &scratch) || !find_rest(exchange, &scratch) ||
        !find_prices(exchange, &scratch))
        return false;
    for (uint32_t c = 0, seeds = 0; c < exchange->classes->count && seeds < SEEDS; c++) {
        if (exchange->rest_begin[c + 1] - exchange->rest_begin[c] < 2)
            continue;
        seeds++;
        if (!grow(exchange, c, arena))
            return false;
    }
    return write_family(exchange, arena, better);
}

bool layer_exchange(const struct layer_net *net, const struct layer_classes *classes,
                    struct layer_family *family, struct shared_arena *arena, struct layer_contents *contents)
{
    uint64_t work = 0;
    for (unsigned round = 0; round < ROUNDS && work < WORK; round++) {
        struct exchange exchange = {.net = net, .classes = classes, .family = family, .contents = contents};
        struct layer_family better;
        struct layer_contents filled;
        if (!run(&exchange, arena, &better))
            return false;
        work += exchange.work;
        if (exchange.added_count == 0)
            return true;
        if (!layer_choose(net, classes, &better, arena, &filled))
            return false;
        if (filled.saved <= contents->saved)
            return true;
        *family = better;
        *contents = filled;
    }
    return true;
}
