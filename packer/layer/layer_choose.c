/*
 * Given what is in the layers, each function attaches those that hold nothing foreign to it and take most off it. Given who
 * attaches the layers, they hold what saves most. Each of the two steps saves no less than before it, so they are
 * repeated until nothing changes.
 */
#include "base/cleanup.h"
#include "layer/layer_inner.h"

#include <stdlib.h>

#define ROUNDS 6

struct chooser {
    const struct layer_net *net;
    const struct layer_classes *classes; /* with their index */
    const struct layer_contents *contents;
    size_t *of_begin; /* of each class: the groups that hold it */
    uint32_t *of_list;
    uint32_t *met, *touched; /* of each group: classes that the function carries */
    uint32_t *taken;         /* of each class: rank + 1 of the function that has it from a layer */
    uint32_t (*attached)[LAYER_SLOTS];
    unsigned char *attached_count;
};

static bool list_holders(struct chooser *chooser, size_t groups, struct shared_arena *arena)
{
    const struct layer_contents *contents = chooser->contents;
    size_t count = chooser->classes->count, held = groups ? contents->begin[groups] : 0;
    size_t *begin = chooser->of_begin = layer_zeroed(arena, count + 2, sizeof(*begin));
    chooser->of_list = layer_zeroed(arena, held, sizeof(uint32_t));
    if (!begin || !chooser->of_list)
        return false;
    for (size_t i = 0; i < held; i++)
        begin[contents->classes[i] + 2]++;
    for (size_t c = 2; c < count + 2; c++)
        begin[c] += begin[c - 1];
    for (uint32_t g = 0; g < groups; g++)
        for (size_t i = contents->begin[g]; i < contents->begin[g + 1]; i++)
            chooser->of_list[begin[contents->classes[i] + 1]++] = g;
    return true;
}

/* Groups of which a function carries every class. */
static size_t find_fitting(struct chooser *chooser, uint32_t rank)
{
    const struct layer_classes *classes = chooser->classes;
    size_t touched = 0, fitting = 0;
    for (size_t i = classes->of_begin[rank]; i < classes->of_begin[rank + 1]; i++) {
        uint32_t class = classes->of_list[i];
        for (size_t j = chooser->of_begin[class]; j < chooser->of_begin[class + 1]; j++)
            if (chooser->met[chooser->of_list[j]]++ == 0)
                chooser->touched[touched++] = chooser->of_list[j];
    }
    for (size_t i = 0; i < touched; i++) {
        uint32_t g = chooser->touched[i];
        if (chooser->met[g] == chooser->contents->begin[g + 1] - chooser->contents->begin[g])
            chooser->touched[fitting++] = g;
        chooser->met[g] = 0;
    }
    return fitting;
}

static bool is_free(const struct chooser *chooser, uint32_t group, uint32_t rank)
{
    for (size_t i = chooser->contents->begin[group]; i < chooser->contents->begin[group + 1]; i++)
        if (chooser->taken[chooser->contents->classes[i]] == rank + 1)
            return false;
    return true;
}

/* Attaches the heaviest, again and again; returns what they weigh. */
static uint64_t attach_best(struct chooser *chooser, uint32_t rank, size_t fitting)
{
    uint64_t sum = 0;
    chooser->attached_count[rank] = 0;
    while (chooser->attached_count[rank] < chooser->net->slots[rank]) {
        uint32_t best = LAYER_NO;
        for (size_t i = 0; i < fitting; i++) {
            uint32_t g = chooser->touched[i];
            uint64_t weight = chooser->contents->weight[g];
            uint64_t most = best == LAYER_NO ? 0 : chooser->contents->weight[best];
            if ((weight > most || (weight == most && g < best && weight > 0)) && is_free(chooser, g, rank))
                best = g;
        }
        if (best == LAYER_NO)
            break;
        for (size_t i = chooser->contents->begin[best]; i < chooser->contents->begin[best + 1]; i++)
            chooser->taken[chooser->contents->classes[i]] = rank + 1;
        chooser->attached[rank][chooser->attached_count[rank]++] = best;
        sum += chooser->contents->weight[best];
    }
    return sum;
}

/* What each function attaches by now: in attached, and how much it is in sums. */
static void read_family(struct chooser *chooser, const struct layer_family *family, uint64_t *sums)
{
    for (uint32_t g = 0; g < family->count; g++)
        for (uint32_t i = 0; i < family->groups[g].count; i++) {
            uint32_t rank = family->groups[g].users[i];
            chooser->attached[rank][chooser->attached_count[rank]++] = g;
            sums[rank] += chooser->contents->weight[g];
        }
}

static bool choose_all(struct chooser *chooser, const struct layer_family *family, struct shared_arena *arena)
{
    size_t functions = chooser->net->function_count;
    uint64_t *sums = layer_zeroed(arena, functions, sizeof(*sums));
    if (!sums)
        return false;
    read_family(chooser, family, sums);
    for (uint32_t rank = 0; rank < functions; rank++) {
        if (chooser->net->slots[rank] == 0)
            continue;
        uint32_t old[LAYER_SLOTS];
        unsigned char old_count = chooser->attached_count[rank];
        memcpy(old, chooser->attached[rank], sizeof(old));
        if (attach_best(chooser, rank, find_fitting(chooser, rank)) > sums[rank])
            continue;
        memcpy(chooser->attached[rank], old, sizeof(old));
        chooser->attached_count[rank] = old_count;
    }
    return true;
}

/* The family of what functions attach; groups of less than two are left out. */
static bool write_family(const struct chooser *chooser, size_t groups, struct shared_arena *arena,
                         struct layer_family *family, const struct layer_family *old)
{
    family->groups = layer_zeroed(arena, groups, sizeof(*family->groups));
    if (!family->groups)
        return false;
    for (uint32_t rank = 0; rank < chooser->net->function_count; rank++)
        for (unsigned i = 0; i < chooser->attached_count[rank]; i++)
            family->groups[chooser->attached[rank][i]].count++;
    for (size_t g = 0; g < groups; g++) {
        family->groups[g].bucket = old->groups[g].bucket;
        family->groups[g].users = layer_zeroed(arena, family->groups[g].count, sizeof(uint32_t));
        if (!family->groups[g].users)
            return false;
        family->groups[g].count = 0;
    }
    for (uint32_t rank = 0; rank < chooser->net->function_count; rank++)
        for (unsigned i = 0; i < chooser->attached_count[rank]; i++) {
            struct layer_group *group = &family->groups[chooser->attached[rank][i]];
            group->users[group->count++] = rank;
        }
    family->count = 0;
    for (size_t g = 0; g < groups; g++)
        if (family->groups[g].count > 1)
            family->groups[family->count++] = family->groups[g];
    return true;
}

static bool improve(const struct layer_net *net, const struct layer_classes *classes,
                    const struct layer_family *family, const struct layer_contents *contents,
                    struct shared_arena *arena, struct layer_family *better)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct chooser chooser = {.net = net, .classes = classes, .contents = contents};
    chooser.met = layer_zeroed(&scratch, family->count, sizeof(uint32_t));
    chooser.touched = layer_zeroed(&scratch, family->count, sizeof(uint32_t));
    chooser.taken = layer_zeroed(&scratch, classes->count, sizeof(uint32_t));
    chooser.attached = layer_zeroed(&scratch, net->function_count, sizeof(*chooser.attached));
    chooser.attached_count = layer_zeroed(&scratch, net->function_count, 1);
    return chooser.met && chooser.touched && chooser.taken && chooser.attached && chooser.attached_count &&
           list_holders(&chooser, family->count, &scratch) && choose_all(&chooser, family, &scratch) &&
           write_family(&chooser, family->count, arena, better, family);
}

bool layer_choose(const struct layer_net *net, const struct layer_classes *classes,
                  struct layer_family *family, struct shared_arena *arena, struct layer_contents *contents)
{
    if (!layer_contents_make(net, classes, family, arena, contents))
        return false;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct layer_family better;
        struct layer_contents filled;
        if (!improve(net, classes, family, contents, arena, &better) ||
            !layer_contents_make(net, classes, &better, arena, &filled))
            return false;
        if (filled.saved <= contents->saved)
            return true;
        *family = better;
        *contents = filled;
    }
    return true;
}
