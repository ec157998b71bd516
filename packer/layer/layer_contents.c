/*
 * What is in the layers of a family: a class may be in every layer whose users all carry it, and in several where
 * no function attaches two of them. Which of those that may hold it do is a choice of sets that do not meet
 * (NP-hard in general; here there are few): the largest first, and again with each other one put first.
 */
#include "base/cleanup.h"
#include "layer/layer_inner.h"

#include <stdlib.h>

#define FIRSTS 16 /* layers that are tried as the first one of a class */

struct fitting {
    uint32_t group, count;
};

struct filler {
    const struct layer_family *family;
    size_t *of_begin; /* of each rank: its groups in of_list */
    uint32_t *of_list;
    uint32_t *met;           /* of each group: users that carry the class */
    uint32_t *touched;       /* groups with some */
    struct fitting *fitting; /* groups that may hold it */
    uint32_t *taken, stamp;  /* of each rank: the stamp of the try in which a layer gives it the class */
    uint32_t *chosen, *best; /* groups */
    size_t best_count;
    struct layer_held *held; /* all of them */
    size_t held_count, held_capacity;
};

struct layer_held {
    uint32_t group, class;
};

static int compare_fitting(const void *a, const void *b)
{
    const struct fitting *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->group < y->group ? -1 : x->group > y->group;
}

static bool filler_init(const struct layer_net *net, const struct layer_family *family,
                        struct shared_arena *arena, struct filler *filler)
{
    size_t *begin = layer_zeroed(arena, net->function_count + 2, sizeof(*begin));
    *filler = (struct filler){.family = family, .of_begin = begin};
    filler->met = layer_zeroed(arena, family->count, sizeof(uint32_t));
    filler->touched = layer_zeroed(arena, family->count, sizeof(uint32_t));
    filler->fitting = layer_zeroed(arena, family->count, sizeof(struct fitting));
    filler->chosen = layer_zeroed(arena, family->count, sizeof(uint32_t));
    filler->best = layer_zeroed(arena, family->count, sizeof(uint32_t));
    filler->taken = layer_zeroed(arena, net->function_count, sizeof(uint32_t));
    if (!begin || !filler->met || !filler->touched || !filler->fitting || !filler->chosen || !filler->best ||
        !filler->taken)
        return false;
    for (size_t g = 0; g < family->count; g++)
        for (uint32_t i = 0; i < family->groups[g].count; i++)
            begin[family->groups[g].users[i] + 2]++;
    for (size_t i = 2; i < net->function_count + 2; i++)
        begin[i] += begin[i - 1];
    filler->of_list = layer_zeroed(arena, begin[net->function_count + 1], sizeof(uint32_t));
    if (!filler->of_list)
        return false;
    for (uint32_t g = 0; g < family->count; g++)
        for (uint32_t i = 0; i < family->groups[g].count; i++)
            filler->of_list[begin[family->groups[g].users[i] + 1]++] = g;
    return true;
}

/* The groups that may hold a class, those with most users first. */
static size_t find_fitting(struct filler *filler, const struct layer_class *class)
{
    size_t touched = 0, count = 0;
    for (uint32_t i = 0; i < class->user_count; i++) {
        uint32_t rank = class->users[i];
        for (size_t j = filler->of_begin[rank]; j < filler->of_begin[rank + 1]; j++)
            if (filler->met[filler->of_list[j]]++ == 0)
                filler->touched[touched++] = filler->of_list[j];
    }
    for (size_t i = 0; i < touched; i++) {
        uint32_t g = filler->touched[i];
        const struct layer_group *group = &filler->family->groups[g];
        if (filler->met[g] == group->count && group->count > 1 && group->bucket == class->bucket)
            filler->fitting[count++] = (struct fitting){g, group->count};
        filler->met[g] = 0;
    }
    qsort(filler->fitting, count, sizeof(*filler->fitting), compare_fitting);
    return count;
}

static bool take(struct filler *filler, uint32_t group)
{
    const struct layer_group *g = &filler->family->groups[group];
    for (uint32_t i = 0; i < g->count; i++)
        if (filler->taken[g->users[i]] == filler->stamp)
            return false;
    for (uint32_t i = 0; i < g->count; i++)
        filler->taken[g->users[i]] = filler->stamp;
    return true;
}

/* Fills best; returns copies saved. */
static uint32_t pack(struct filler *filler, size_t count)
{
    uint32_t most = 0;
    filler->best_count = 0;
    for (size_t first = 0; first < count && first < FIRSTS; first++) {
        uint32_t saved = 0;
        size_t chosen = 0;
        filler->stamp++;
        for (size_t i = 0; i <= count; i++) {
            const struct fitting *fitting = &filler->fitting[i == 0 ? first : i - 1];
            if (!take(filler, fitting->group))
                continue;
            filler->chosen[chosen++] = fitting->group;
            saved += fitting->count - 1;
        }
        if (saved <= most)
            continue;
        most = saved;
        uint32_t *better = filler->chosen;
        filler->chosen = filler->best;
        filler->best = better;
        filler->best_count = chosen;
    }
    return most;
}

static bool hold(struct filler *filler, uint32_t class, struct shared_arena *arena)
{
    size_t needed = filler->held_count + filler->best_count;
    if (needed > filler->held_capacity) {
        size_t size = sizeof(*filler->held), capacity = 2 * needed + 64;
        struct layer_held *held =
            shared_arena_resize(arena, filler->held, filler->held_capacity * size, capacity * size);
        if (!held)
            return false;
        filler->held = held;
        filler->held_capacity = capacity;
    }
    for (size_t i = 0; i < filler->best_count; i++)
        filler->held[filler->held_count++] = (struct layer_held){filler->best[i], class};
    return true;
}

/* Lists what is held by group. */
static bool list_held(const struct filler *filler, const struct layer_classes *classes,
                      struct shared_arena *arena, struct layer_contents *contents)
{
    size_t groups = filler->family->count;
    contents->begin = layer_zeroed(arena, groups + 2, sizeof(*contents->begin));
    contents->classes = layer_zeroed(arena, filler->held_count, sizeof(*contents->classes));
    contents->weight = layer_zeroed(arena, groups, sizeof(*contents->weight));
    if (!contents->begin || !contents->classes || !contents->weight)
        return false;
    for (size_t i = 0; i < filler->held_count; i++) {
        contents->begin[filler->held[i].group + 2]++;
        contents->weight[filler->held[i].group] += classes->list[filler->held[i].class].weight;
    }
    for (size_t g = 2; g < groups + 2; g++)
        contents->begin[g] += contents->begin[g - 1];
    for (size_t i = 0; i < filler->held_count; i++)
        contents->classes[contents->begin[filler->held[i].group + 1]++] = filler->held[i].class;
    return true;
}

bool layer_contents_make(const struct layer_net *net, const struct layer_classes *classes,
                         const struct layer_family *family, struct shared_arena *arena,
                         struct layer_contents *contents)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct filler filler;
    *contents = (struct layer_contents){.saved = 0};
    if (!filler_init(net, family, &scratch, &filler))
        return false;
    for (uint32_t c = 0; c < classes->count; c++) {
        contents->saved += classes->list[c].weight * pack(&filler, find_fitting(&filler, &classes->list[c]));
        if (!hold(&filler, c, &scratch))
            return false;
    }
    if (!list_held(&filler, classes, arena, contents))
        return false;
    uint64_t cost = 0;
    for (size_t g = 0; g < family->count; g++)
        if (contents->begin[g + 1] > contents->begin[g])
            cost = layer_sum(cost, net->overhead);
    contents->saved = contents->saved > cost ? contents->saved - cost : 0;
    return true;
}
