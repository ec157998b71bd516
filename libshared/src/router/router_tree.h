/*
 * router_tree.h - all routes in one tree, a node for each beginning of their patterns.
 *
 * A parameter, a catch-all and an only literal are named in the node; where there are several literals they
 * are found in one table, by the hash of node and segment. Numbers have 16 bits: what a match reads of 1,000
 * routes nearly fits a first-level cache.
 */
#ifndef SHARED_ROUTER_TREE_H
#define SHARED_ROUTER_TREE_H

#include <shared/router.h>

#include <stdint.h>
#include <string.h>

#define SHARED_ROUTER_NODES 65000
#define SHARED_ROUTER_METHODS 50
#define SHARED_ROUTER_PATTERN_BYTES 16000
#define SHARED_ROUTER_LITERAL_BYTES 255

/* A method that is none of the tree's; that of a route for any. The tree's are numbered below. */
#define SHARED_ROUTER_METHOD_OTHER 62
#define SHARED_ROUTER_METHOD_ANY 63

/* Node 0 is the root, which is nobody's child: 0 says that there is none. */
struct shared_router_node {
    uint32_t text; /* of the literal, decoded, in texts */
    uint16_t text_bytes;
    uint16_t parent;
    uint16_t parameter; /* child for {name} */
    uint16_t rest;      /* child for {name+} */
    uint16_t first;     /* of the routes that end here, by number from 1 */
    uint16_t literal;   /* child, or SHARED_ROUTER_SEVERAL */
};

#define SHARED_ROUTER_SEVERAL 0xFFFF

struct shared_router_slot {
    uint16_t tag; /* of the hash */
    uint16_t node;
};

/* The name of a parameter in its pattern. */
struct shared_router_name {
    uint16_t at;
    uint16_t bytes;
};

/* For each route. */
struct shared_router_end {
    uint32_t names; /* where those of its parameters begin */
    uint16_t next;  /* one that ends at the same node, by number from 1 */
    uint8_t method;
};

struct shared_router_tree {
    struct shared_router_node *nodes;
    struct shared_router_slot *slots; /* at most a quarter of them is taken */
    struct shared_router_end *ends;
    struct shared_router_name *names;
    char *texts;
    size_t node_count, name_count, text_bytes;
    uint32_t slot_mask;
    uint8_t get, head, options; /* methods */
    uint64_t any;               /* those that it stands for, as a set */
    size_t method_count;
    uint32_t method_hashes[SHARED_ROUTER_METHODS];
    const char *methods[SHARED_ROUTER_METHODS]; /* sorted */
};

static inline uint64_t shared_router_word(const char *text, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, text, size);
    return word;
}

/*
 * The hash of a segment, by words, the last of which overlap: a loop over its bytes would be left at another
 * place each time, which costs a processor more than the bytes do.
 */
static inline uint32_t shared_router_hash(const char *text, size_t size)
{
    uint64_t hash = size * 0x9e3779b97f4a7c15u, word = 0;
    for (; size > 8; text += 8, size -= 8) {
        hash = (hash ^ shared_router_word(text, 8)) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    if (size >= 4)
        word = shared_router_word(text, 4) << 32 | shared_router_word(text + size - 4, 4);
    else if (size > 0)
        word = (uint64_t)(unsigned char)text[0] << 16 | (uint64_t)(unsigned char)text[size / 2] << 8 |
               (unsigned char)text[size - 1];
    return (uint32_t)((hash ^ word) * 0x9e3779b97f4a7c15u >> 32);
}

/* The hash of a node's child by that of its segment. */
static inline uint64_t shared_router_mix(uint32_t hash, unsigned parent)
{
    return (uint64_t)(hash ^ parent * 0x9e3779b1u) * 0x9e3779b97f4a7c15u;
}

static inline uint32_t shared_router_place(const struct shared_router_tree *tree, uint64_t mixed)
{
    return (uint32_t)(mixed >> 40) & tree->slot_mask;
}

static inline uint16_t shared_router_tag(uint64_t mixed)
{
    return (uint16_t)(mixed >> 24);
}

/* The number of a method, or SHARED_ROUTER_METHOD_OTHER. The seven of API Gateway's ANY are known whatever
 * the routes are. */
unsigned shared_router_method(const struct shared_router_tree *tree, const char *method);

/* Fills the tree's methods. */
int shared_router_methods_gather(struct shared_router_tree *tree, const struct shared_route *routes,
                                 size_t count, struct shared_error *err);

/* Writes the methods of a set, sorted, and those that the router adds, into allow; whole names alone. */
void shared_router_allow(const struct shared_router_tree *tree, uint64_t methods, char *allow,
                         size_t allow_bytes);

/* Room that shared_router_allow fills at most. */
size_t shared_router_allow_bytes(const struct shared_router_tree *tree);

/* One segment of a pattern. */
struct shared_router_piece {
    enum { SHARED_ROUTER_LITERAL, SHARED_ROUTER_PARAMETER, SHARED_ROUTER_REST } kind;
    struct shared_slice text; /* a literal as it stands there; the name of the others */
};

/* Takes the first segment off a pattern that has been checked: *at stands behind its slash, and is NULL after
 * the last. */
struct shared_router_piece shared_router_piece_take(const char **at);

/* What routes need room for at most. */
struct shared_router_needs {
    size_t segments, names, bytes;
};

/* Refuses a route that cannot be, and adds what it needs. */
int shared_router_route_check(const struct shared_route *route, size_t number,
                              struct shared_router_needs *needs, struct shared_error *err);

/* Puts a route that was checked into the tree, whose arrays have room; number counts from 1. Returns 0, or
 * the number of the route that has the same method and pattern. */
unsigned shared_router_insert(struct shared_router_tree *tree, const struct shared_route *route,
                              unsigned number);

#endif
