/*
 * layer_plan.h - which of the things that several functions carry go into which layer.
 *
 * Pure: sizes in, plan out; nothing here reads a file. The same problem gives the same plan on any machine: work is
 * bounded by counts, never by the clock.
 *
 * An item is what moves as one: a shared object, an executable, an asset, a package folder. Two functions that carry the
 * same content at the same place carry the same item. A layer is a set of items; a function may attach a layer where every
 * item of it is one that the function carries, one that the function's own zip shadows (same place, other content, where
 * the item's kind is looked for in /var/task first), or a stranger: extra_bytes of them in all, and none barred from it.
 * All layers of one function have no place twice. What a function has from a layer finds what it needs in layers alone:
 * where one of those is in its zip, it is there too.
 *
 * What is minimised are the stored bytes: zips of layers, once each, and what stays in the zips of functions; and the
 * price of strangers, LAYER_STRANGERS of whose unzipped bytes count as one of these. The
 * problem is NP-hard already for one layer per function; facts of the search are in layer_plan.c.
 */
#ifndef PACKER_LAYER_PLAN_H
#define PACKER_LAYER_PLAN_H

#include "base/hash.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAYER_NONE SIZE_MAX

/* Unzipped bytes of strangers in a function that must save more than one of the zips. */
#define LAYER_STRANGERS 10

struct layer_item {
    const char *place;  /* in the layer: "lib/libpng16.so.16", "nodejs/node_modules/ajv" */
    struct hash digest; /* of all that is below place */
    uint64_t
        zip_bytes; /* that it adds to a layer's zip: streams, headers and names (APPNOTE 4.3.7, 4.3.12) */
    uint64_t
        names_bytes; /* of those, what a function's own zip does without: "nodejs/" before each name, twice */
    uint64_t unzipped_bytes;
    uint64_t changes; /* how often what is at this place has changed, as far as the lock knows: the stable and
                                the volatile do not share a layer */
    bool shadowed;    /* a file at the same place in a function's zip is found before the layer's */
};

/* What an item adds to the zip of a function that carries it itself. */
static inline uint64_t layer_item_own_bytes(const struct layer_item *item)
{
    return item->zip_bytes - item->names_bytes;
}

/* Items by their place in an array, ascending. */
struct layer_set {
    size_t *items;
    size_t count;
};

/* Whether an item is in a set, which ascends. */
static inline bool layer_set_holds(const struct layer_set *set, size_t item)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->items[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->count && set->items[low] == item;
}

struct layer_function {
    const char *name;
    struct layer_set items;  /* that may move */
    unsigned slots;          /* layers it may still attach: the limit less the pinned; over 16 is 16 */
    uint64_t unzipped_bytes; /* of the function without layers' doing, pinned ones included */
    uint64_t rest_zip_bytes; /* of its zip that cannot move */
};

/* A layer. Items of the last plan's that no function carries any more are among problem->items too; no plan has them. */
struct layer_planned {
    const char *name; /* content-addressed: PROJECT-0123456789abcdef; NULL on input of a new one */
    struct layer_set items;
    uint64_t zip_bytes, unzipped_bytes;
    uint64_t users; /* functions that attach it */
    bool kept;      /* it is one of the last plan, to the byte: nothing is published */
};

struct layer_problem {
    const char *project; /* begins the names of layers */
    const struct layer_item *items;
    size_t item_count;
    const struct layer_set
        *needs; /* of the first needs_count items: those that each needs beside it, in any order */
    size_t needs_count;
    const struct layer_function *functions;
    size_t function_count;
    uint64_t unzipped_limit_bytes;  /* of a function with its layers: 262,144,000 */
    uint64_t extra_bytes;           /* of strangers that a function bears; 0: none */
    const struct layer_set *barred; /* of each function: what may be no stranger of it; NULL: nothing */
    uint64_t
        layer_overhead_bytes; /* that a zip has of its own: 22, the end of its directory (APPNOTE 4.3.16) */
    const struct layer_planned *last;      /* layers of the last plan; NULL: none */
    const struct layer_set *last_attached; /* of each function, places in last; NULL: none */
    size_t last_count;
    bool replan;             /* the last plan is of no weight */
    uint64_t replan_percent; /* of the stored bytes that a new plan must save to take the last one's place */
};

struct layer_plan {
    struct layer_planned *layers; /* by name */
    size_t count;
    struct layer_set *attached; /* of each function, places in layers */
    struct layer_set *
        stays; /* of each function, the items its own zip carries: not moved, shadowing, or in need of such */
    uint64_t stored_bytes;   /* zips of layers and of functions */
    uint64_t unshared_bytes; /* without layers */
    uint64_t bound_bytes;    /* every item once, and what cannot move: no plan has less */
    uint64_t fresh_bytes;    /* stored_bytes of one from scratch; made with less work where it is not taken */
    uint64_t publish_bytes;  /* of layers that the last plan did not have */
    bool replanned;          /* a fresh plan took the last one's place */
};

/*
 * Makes a plan in the arena. A function that no plan brings under unzipped_limit_bytes keeps what it carries: the
 * limit stage says so. SHARED_ENOMEM. 1,000 functions with 200,000 distinct items: below half a second and 100 MB.
 */
int layer_plan_make(const struct layer_problem *problem, struct shared_arena *arena, struct layer_plan *plan,
                    struct shared_error *err);

/* PROJECT-HEX, 16 digits of the XXH3-128 of places and digests of the items. NULL where memory is exhausted. */
char *layer_name(const char *project, const struct layer_item *items, const struct layer_set *set,
                 struct shared_arena *arena);

#endif
