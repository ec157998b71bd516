#include "base/percent.h"
#include "router/router_tree.h"

#include <string.h>

/* A segment of the path, read when a match first comes to it. */
struct segment {
    const char *at;
    size_t size;
    uint32_t hash; /* of what it says, decoded */
    bool is_encoded;
};

/*
 * A walk down the tree. A node has one parent, and its depth says which segment it is asked about: no node is
 * visited twice, however often the walk turns back.
 */
struct walk {
    const struct shared_router *router;
    unsigned method;
    uint64_t allowed; /* methods of all nodes at which the path ended */
    bool is_encoded;  /* the path */
    bool looks_on;    /* for the methods, after a route has been found */
    const struct shared_route *found;
    struct shared_route_call *call;
    size_t known; /* segments */
    struct segment segments[SHARED_ROUTE_SEGMENTS];
    uint8_t taken[SHARED_ROUTE_PARAMETERS]; /* segments that are parameters */
};

/* No literal is longer than the buffer: what does not fit may have any hash. */
static uint32_t hash_decoded(const struct segment *segment)
{
    char decoded[SHARED_ROUTER_LITERAL_BYTES];
    size_t size = 0;
    const char *end = segment->at + segment->size;
    for (const char *at = segment->at; at < end && size < sizeof decoded; at++) {
        int byte = shared_percent_byte(at);
        decoded[size++] = byte >= 0 ? (char)byte : *at;
        at += byte >= 0 ? 2 : 0;
    }
    return shared_router_hash(decoded, size);
}

static void read_segment(struct walk *walk, struct segment *segment, const char *at)
{
    segment->at = at;
    segment->size = (size_t)(strchrnul(at, '/') - at);
    segment->is_encoded = walk->is_encoded && memchr(at, '%', segment->size);
    segment->hash = 0;
    if (segment->is_encoded)
        segment->hash = hash_decoded(segment);
    else if (segment->size <= SHARED_ROUTER_LITERAL_BYTES)
        segment->hash = shared_router_hash(at, segment->size);
}

static bool says(const struct segment *segment, const char *text, size_t size)
{
    if (!segment->is_encoded)
        return segment->size == size && memcmp(segment->at, text, size) == 0;
    const char *at = segment->at, *end = at + segment->size;
    for (; at < end && size > 0; at++, text++, size--) {
        int byte = shared_percent_byte(at);
        if ((byte >= 0 ? (char)byte : *at) != *text)
            return false;
        at += byte >= 0 ? 2 : 0;
    }
    return at == end && size == 0;
}

static unsigned literal_child(const struct shared_router_tree *tree, unsigned parent,
                              const struct segment *segment)
{
    unsigned only = tree->nodes[parent].literal;
    if (only != SHARED_ROUTER_SEVERAL) {
        const struct shared_router_node *node = &tree->nodes[only];
        return only && says(segment, tree->texts + node->text, node->text_bytes) ? only : 0;
    }
    uint64_t mixed = shared_router_mix(segment->hash, parent);
    uint32_t place = shared_router_place(tree, mixed);
    for (; tree->slots[place].node; place = (place + 1) & tree->slot_mask) {
        if (tree->slots[place].tag != shared_router_tag(mixed))
            continue;
        const struct shared_router_node *node = &tree->nodes[tree->slots[place].node];
        if (node->parent == parent && says(segment, tree->texts + node->text, node->text_bytes))
            return tree->slots[place].node;
    }
    return 0;
}

/* The route for the walk's method among those that end at one node, by number from 1, or 0. */
static unsigned choose(struct walk *walk, unsigned first)
{
    const struct shared_router_tree *tree = walk->router->tree;
    unsigned exact = walk->method == SHARED_ROUTER_METHOD_ANY ? first : 0, for_head = 0, for_any = 0;
    for (unsigned route = first; route; route = tree->ends[route - 1].next) {
        unsigned method = tree->ends[route - 1].method;
        walk->allowed |= (uint64_t)1 << method;
        if (method == walk->method && !exact)
            exact = route;
        else if (method == tree->get && walk->method == tree->head)
            for_head = route;
        else if (method == SHARED_ROUTER_METHOD_ANY)
            for_any = route;
    }
    return exact ? exact : for_head ? for_head : for_any;
}

/* Takes a route of a node at which the path has ended. Returns whether the walk has too. */
static bool take(struct walk *walk, unsigned index, size_t parameters, const char *rest)
{
    unsigned route = choose(walk, walk->router->tree->nodes[index].first);
    if (!route || walk->found)
        return false;
    struct shared_route_call *call = walk->call;
    walk->found = call->route = &walk->router->routes[route - 1];
    for (size_t i = 0; i < parameters; i++) {
        const struct segment *segment = &walk->segments[walk->taken[i]];
        call->parameters[i].text = shared_slice_of(segment->at, segment->size);
    }
    if (rest)
        call->parameters[parameters++].text = shared_slice_from_text(rest);
    call->parameter_count = parameters;
    const struct shared_router_tree *tree = walk->router->tree;
    const struct shared_router_name *name = &tree->names[tree->ends[route - 1].names];
    for (size_t i = 0; i < parameters; i++)
        call->parameters[i].name = shared_slice_of(call->route->pattern + name[i].at, name[i].bytes);
    return !walk->looks_on;
}

/* Goes on from a node with the path from at on, NULL behind its end. Returns whether the walk has ended. */
static bool descend(struct walk *walk, unsigned index, size_t depth, size_t parameters, const char *at)
{
    if (!at)
        return take(walk, index, parameters, NULL);
    const struct shared_router_tree *tree = walk->router->tree;
    const struct shared_router_node *node = &tree->nodes[index];
    if (node->literal || node->parameter) {
        struct segment *segment = &walk->segments[depth];
        if (depth == walk->known)
            read_segment(walk, &walk->segments[walk->known++], at);
        const char *next = at[segment->size] ? at + segment->size + 1 : NULL;
        unsigned child = literal_child(tree, index, segment);
        if (child && descend(walk, child, depth + 1, parameters, next))
            return true;
        if (node->parameter && segment->size > 0) {
            walk->taken[parameters] = (uint8_t)depth;
            if (descend(walk, node->parameter, depth + 1, parameters + 1, next))
                return true;
        }
    }
    return node->rest && *at && take(walk, node->rest, parameters, at);
}

enum shared_route_match shared_router_match(const struct shared_router *router, const char *method,
                                            const char *path, struct shared_route_call *call, char *allow,
                                            size_t allow_bytes)
{
    const struct shared_router_tree *tree = router->tree;
    struct walk walk;
    walk.router = router;
    walk.method = *method ? shared_router_method(tree, method) : SHARED_ROUTER_METHOD_ANY;
    walk.allowed = 0;
    walk.is_encoded = strchr(path, '%') != NULL;
    walk.looks_on = allow != NULL;
    walk.found = NULL;
    walk.call = call;
    walk.known = 0;
    call->route = NULL;
    call->parameter_count = 0;
    if (*path == '/')
        descend(&walk, 0, 0, 0, path + 1);
    if (allow)
        shared_router_allow(tree, walk.allowed, allow, allow_bytes);
    return walk.found     ? SHARED_ROUTE_FOUND
           : walk.allowed ? SHARED_ROUTE_METHOD_NOT_ALLOWED
                          : SHARED_ROUTE_NOT_FOUND;
}
