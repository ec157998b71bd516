/*
 * layer_inner.h - what the files of the planner share.
 *
 * Functions stand in the order of their names ("rank"), whatever the manifest's order is, so that the plan does not
 * depend on it. Functions that return bool return false where memory is exhausted.
 */
#ifndef PACKER_LAYER_INNER_H
#define PACKER_LAYER_INNER_H

#include "layer/layer_plan.h"

#include <shared/arena.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LAYER_SLOTS 16 /* a function attaches no more, whatever it may */
#define LAYER_NO UINT32_MAX

/* Zeroed memory for count things; NULL where memory is exhausted or the size overflows. */
static inline void *layer_zeroed(struct shared_arena *arena, size_t count, size_t size_bytes)
{
    if (count > PTRDIFF_MAX / size_bytes)
        return NULL;
    void *memory = shared_arena_alloc(arena, count * size_bytes);
    return memory ? memset(memory, 0, count * size_bytes) : NULL;
}

static inline uint64_t layer_sum(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* The next of a row of numbers that are the same on any machine (splitmix64, Steele, Lea, Flood 2014). */
static inline uint64_t layer_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Of each item: the functions that carry it, by rank, ascending. Of item i: list + begin[i] to list + begin[i + 1]. */
struct layer_users {
    size_t *begin;
    uint32_t *list;
};

/* The problem put in order, with numbers whose sums do not overflow. */
struct layer_net {
    const struct layer_problem *problem;
    size_t function_count, item_count;
    uint32_t *order;       /* of each rank: the place in problem->functions */
    unsigned char *slots;  /* of each rank; 0 where it is over the limit by itself */
    uint64_t *unzipped;    /* of each rank */
    uint64_t *weight;      /* of each item: zip_bytes, shifted right where all of them would be too many */
    unsigned shift;        /* by how much */
    uint64_t overhead;     /* of a layer, likewise */
    unsigned char *bucket; /* of each item: items of different buckets do not share a layer */
    uint32_t *place;       /* of each item: the same number for the same place */
    uint32_t
        *parent; /* of each place: the nearest one that it lies below, or LAYER_NO; NULL: not looked at */
    struct layer_users users; /* of functions with slots */
    struct layer_use *use;    /* layer_use.h; NULL: no item needs another */
};

bool layer_net_make(const struct layer_problem *problem, struct shared_arena *arena, struct layer_net *net);

static inline const struct layer_set *layer_carried_by(const struct layer_net *net, uint32_t rank)
{
    return &net->problem->functions[net->order[rank]].items;
}

/* What strangers cost, as weight. */
static inline uint64_t layer_price(const struct layer_net *net, uint64_t unzipped_bytes)
{
    return unzipped_bytes / LAYER_STRANGERS >> net->shift;
}

/* Items with the same users, which no layer need tell apart. */
struct layer_class {
    uint64_t weight;
    const uint32_t *users; /* ranks, ascending */
    uint32_t user_count;   /* at least 2 */
    unsigned bucket;
    size_t first, item_count; /* in layer_classes.items */
};

struct layer_classes {
    struct layer_class *list; /* most bytes to be saved first */
    size_t count;
    uint32_t *items;
    size_t *of_begin; /* of each rank: its classes in of_list; NULL until layer_classes_index */
    uint32_t *of_list;
};

bool layer_classes_make(const struct layer_net *net, const struct layer_users *users,
                        struct shared_arena *arena, struct layer_classes *classes);
bool layer_classes_index(const struct layer_net *net, struct shared_arena *arena,
                         struct layer_classes *classes);

/* Layers of a plan in the making: who attaches each. What is in them follows: layer_contents_make. */
struct layer_group {
    uint32_t *users; /* ranks, ascending */
    uint32_t count;
    unsigned bucket;
};

struct layer_family {
    struct layer_group *groups;
    size_t count;
};

/* The family that merging classes gives. seed 0: as the figures say; else they are blurred. */
bool layer_merge(const struct layer_net *net, const struct layer_classes *classes, uint64_t seed,
                 struct shared_arena *arena, struct layer_family *family);

/* The classes in each layer of a family, each class where it saves most. */
struct layer_contents {
    size_t *begin; /* of each group: in classes */
    uint32_t *classes;
    uint64_t *weight; /* of each group */
    uint64_t saved;   /* by all layers, less what they cost */
};

bool layer_contents_make(const struct layer_net *net, const struct layer_classes *classes,
                         const struct layer_family *family, struct shared_arena *arena,
                         struct layer_contents *contents);

/* Each function attaches the layers that are best for it, over and over; leaves family and contents agreeing. */
bool layer_choose(const struct layer_net *net, const struct layer_classes *classes,
                  struct layer_family *family, struct shared_arena *arena, struct layer_contents *contents);

/* Functions leave layers for better ones that are made for them; leaves family and contents agreeing. */
bool layer_exchange(const struct layer_net *net, const struct layer_classes *classes,
                    struct layer_family *family, struct shared_arena *arena, struct layer_contents *contents);

#define LAYER_RUIN_FUNCTIONS 64

/*
 * Takes parts of the family away and puts better ones in their place, where there are at most LAYER_RUIN_FUNCTIONS. Light: with
 * a fraction of the work.
 */
bool layer_ruin(const struct layer_net *net, const struct layer_classes *classes, bool light,
                struct shared_arena *arena, struct layer_family *family);

/* A whole plan in the making. */
struct layer_draft {
    uint32_t *items; /* ascending */
    size_t count;
    size_t last; /* the layer of the last plan that it is, or LAYER_NONE */
};

struct layer_state {
    struct layer_draft *layers;
    size_t count, capacity;
    uint32_t (*attached)[LAYER_SLOTS]; /* of each rank */
    unsigned char *attached_count;
};

bool layer_state_init(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state);

/* Adds a layer without users; items are the arena's. */
bool layer_state_add(struct layer_state *state, struct shared_arena *arena, struct layer_draft draft);

/* Takes layers that nobody attaches out of the state. */
bool layer_state_prune(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *state);

/* Bytes of all zips. */
bool layer_state_stored(const struct layer_net *net, const struct layer_state *state,
                        struct shared_arena *scratch, uint64_t *stored_bytes);

/* A plan that knows of no last one. Light: with less work, to see whether it is worth it. */
bool layer_fresh(const struct layer_net *net, bool light, struct shared_arena *arena,
                 struct layer_state *state, uint64_t *stored_bytes);

/* The last plan, as far as it still holds. */
bool layer_keep(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state);

/* Puts a plan with strangers in the place of one without, where it costs less by more than their price. */
bool layer_extra(const struct layer_net *net, bool light, struct shared_arena *arena,
                 struct layer_state *state, uint64_t *stored_bytes);

/* Layers that are there are attached, and new ones made, until nothing more is saved so. */
bool layer_settle(const struct layer_net *net, struct shared_arena *arena, struct layer_state *state);

/* What one function carries and what its layers have, place by place. */
struct layer_marks {
    uint32_t *carried;           /* of each place: the item, where carried_by is the function */
    uint32_t *carried_by;        /* of each place: rank + 1 */
    uint32_t *layered_by;        /* of each place: rank + 1 of a function of which a layer has it */
    uint32_t *barred;            /* of each item: rank + 1 of a function whose stranger it may not be */
    uint32_t *above;             /* of each place: rank + 1 of a function that has something below it */
    uint64_t foreign, strangers; /* unzipped bytes that layers bring the function */
};

bool layer_marks_init(const struct layer_net *net, struct shared_arena *arena, struct layer_marks *marks);

/* Marks what a function carries, then what its layers have. */
void layer_marks_set(const struct layer_net *net, const struct layer_state *state, uint32_t rank,
                     struct layer_marks *marks);
void layer_marks_attach(const struct layer_net *net, const struct layer_draft *layer, uint32_t rank,
                        struct layer_marks *marks);

/* Whether an item that a marked function carries may come from a layer of its, as far as its layers go. */
bool layer_marks_may_move(const struct layer_net *net, const struct layer_marks *marks, uint32_t rank,
                          uint32_t item);

/* What a layer would be to a marked function. */
struct layer_fit {
    bool bears;     /* it may attach it */
    bool fits;      /* and something of it comes off its zip */
    uint64_t own;   /* weight of that */
    uint64_t price; /* of the strangers that it brings */
};

struct layer_fit layer_marks_judge(const struct layer_net *net, const struct layer_draft *layer,
                                   uint32_t rank, bool shadows, const struct layer_marks *marks);

/* Names layers, sorts, adds up. */
bool layer_finish(const struct layer_net *net, const struct layer_state *state, struct shared_arena *scratch,
                  struct shared_arena *arena, struct layer_plan *plan);

#endif
