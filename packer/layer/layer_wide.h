/*
 * layer_wide.h - plans whose layers may hold what not all of their users carry ("wide" ones), as sets of bits, for the
 * search in layer_extra.c. What a plan is worth are the bytes that it saves, less the price of strangers.
 */
#ifndef PACKER_LAYER_WIDE_H
#define PACKER_LAYER_WIDE_H

#include "layer/layer_inner.h"

#define WIDE_NEVER (-1e300) /* worth of what may not be */

struct wide_class {
    double weight, price; /* price: of its being in a function for nothing */
    uint64_t unzipped;
    unsigned bucket;
    bool alone; /* whoever does not carry it may not have it */
    size_t first_group, group_count;
};

/*
 * What does not change in the search. Places that lie above or below one another, and contents of one place, are a group:
 * who carries something of a group, or has a stranger of it, takes no other one of it.
 */
struct wide {
    const struct layer_net *net;
    const struct layer_classes *classes;
    size_t class_count, function_count, group_count;
    size_t words, class_words; /* of a set of functions, of classes */
    size_t layer_capacity;
    struct wide_class *list;
    uint64_t *carried;       /* of each class: bits of functions */
    uint64_t *barred;        /* of each class: functions that may not have it as a stranger */
    uint32_t *groups;        /* of classes */
    uint64_t *group_carried; /* of each group: functions that carry something of it */
    uint64_t *room;          /* of each function: unzipped bytes of strangers that it bears */
    double overhead;
    uint64_t random;
};

struct wide_state {
    double worth;
    size_t layer_count;  /* some may be empty */
    uint64_t *users;     /* of each layer */
    uint64_t *holds;     /* of each layer: classes */
    uint64_t *had;       /* of each class: functions that have it from a layer */
    uint64_t *group_had; /* of each group: functions that have a stranger of it */
    uint64_t *room;      /* of each function, still */
    unsigned char *bucket;
    uint32_t *load; /* of each function: layers */
};

static inline bool wide_is_in(const uint64_t *set, size_t i)
{
    return set[i / 64] >> (i % 64) & 1;
}

static inline void wide_add(uint64_t *set, size_t i)
{
    set[i / 64] |= (uint64_t)1 << (i % 64);
}

static inline void wide_remove(uint64_t *set, size_t i)
{
    set[i / 64] &= ~((uint64_t)1 << (i % 64));
}

/* The next bit from one on; the size in bits or more where there is none. */
static inline size_t wide_next(const uint64_t *set, size_t words, size_t from)
{
    size_t word = from / 64;
    if (word >= words)
        return SIZE_MAX;
    uint64_t bits = set[word] >> (from % 64) << (from % 64);
    while (!bits && ++word < words)
        bits = set[word];
    return bits ? 64 * word + (size_t)__builtin_ctzll(bits) : SIZE_MAX;
}

#define WIDE_EACH(i, set, words) \
    for (size_t i = wide_next(set, words, 0); i != SIZE_MAX; i = wide_next(set, words, i + 1))

size_t wide_count(const uint64_t *set, size_t words);

static inline uint64_t *wide_users(const struct wide *wide, const struct wide_state *state, size_t layer)
{
    return state->users + layer * wide->words;
}

static inline uint64_t *wide_holds(const struct wide *wide, const struct wide_state *state, size_t layer)
{
    return state->holds + layer * wide->class_words;
}

static inline uint64_t *wide_carried(const struct wide *wide, size_t class)
{
    return wide->carried + class * wide->words;
}

static inline uint64_t *wide_barred(const struct wide *wide, size_t class)
{
    return wide->barred + class * wide->words;
}

static inline uint64_t *wide_had(const struct wide *wide, const struct wide_state *state, size_t class)
{
    return state->had + class * wide->words;
}

bool wide_init(const struct layer_net *net, const struct layer_classes *classes, size_t most_classes,
               struct shared_arena *arena, struct wide *wide);

/* No layers. */
bool wide_state_init(const struct wide *wide, struct shared_arena *arena, struct wide_state *state);
void wide_state_copy(const struct wide *wide, struct wide_state *to, const struct wide_state *from);

/* Whether a function that does not carry a class may have it. */
bool wide_bears(const struct wide *wide, const struct wide_state *state, size_t class, size_t rank);

/* What changes in worth by it; WIDE_NEVER: it may not be. */
double wide_join_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t rank);
double wide_put_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t class);

/* What a user has of a layer, and a layer of a class. */
double wide_user_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t rank);
double wide_class_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t class);

/* A layer without users; reuses empty ones. SIZE_MAX: there are too many. */
size_t wide_open(const struct wide *wide, struct wide_state *state, unsigned bucket);
void wide_join(const struct wide *wide, struct wide_state *state, size_t layer, size_t rank);
void wide_leave(const struct wide *wide, struct wide_state *state, size_t layer, size_t rank);
void wide_put(const struct wide *wide, struct wide_state *state, size_t layer, size_t class);
void wide_take(const struct wide *wide, struct wide_state *state, size_t layer, size_t class);
void wide_close(const struct wide *wide, struct wide_state *state, size_t layer);

/* What one layer of two would be worth more than both; WIDE_NEVER where it may not be. */
double wide_union_worth(const struct wide *wide, const struct wide_state *state, size_t layer, size_t other);
void wide_unite(const struct wide *wide, struct wide_state *state, size_t layer, size_t other);

/* The state that merging classes gives, one layer a class at first: two become one for all users of either. */
bool wide_merge(struct wide *wide, struct shared_arena *scratch, struct wide_state *state);

/* Puts, takes, joins and leaves as long as that is worth it; new: makes new layers too. */
void wide_polish(struct wide *wide, bool new, struct wide_state *state);

/* Takes parts away and puts better ones in their place. */
bool wide_ruin(struct wide *wide, bool light, struct shared_arena *scratch, struct wide_state *state);

#endif
