#include "router/router_tree.h"

#include <string.h>

static uint32_t slots_for(size_t count)
{
    uint32_t slots = 1;
    while (slots < 4 * count)
        slots *= 2;
    return slots;
}

/* Arrays with room for so much, all zero but for the texts; counts that are the tree's have their own. */
static int make_room(struct shared_router_tree *tree, struct shared_arena *arena, size_t slots, size_t ends,
                     struct shared_error *err)
{
    size_t cleared = tree->node_count * sizeof *tree->nodes + slots * sizeof *tree->slots +
                     ends * sizeof *tree->ends + tree->name_count * sizeof *tree->names;
    char *room = shared_arena_alloc(arena, cleared + tree->text_bytes);
    if (!room)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a router of %zu routes", ends);
    memset(room, 0, cleared);
    tree->nodes = (struct shared_router_node *)(void *)room;
    tree->ends = (struct shared_router_end *)(void *)(tree->nodes + tree->node_count);
    tree->slots = (struct shared_router_slot *)(void *)(tree->ends + ends);
    tree->names = (struct shared_router_name *)(void *)(tree->slots + slots);
    tree->texts = (char *)(tree->names + tree->name_count);
    tree->slot_mask = (uint32_t)slots - 1;
    return 0;
}

static int insert_all(struct shared_router_tree *tree, const struct shared_route *routes, size_t count,
                      struct shared_error *err)
{
    tree->node_count = 1;
    tree->name_count = tree->text_bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (tree->node_count + SHARED_ROUTE_SEGMENTS > SHARED_ROUTER_NODES)
            return shared_fail(
                err, SHARED_ETOOBIG, 0,
                "route %zu (%.80s): patterns have more than %d beginnings; use several routers", i + 1,
                routes[i].pattern, SHARED_ROUTER_NODES);
        unsigned same = shared_router_insert(tree, &routes[i], (unsigned)i + 1);
        if (same)
            return shared_fail(err, SHARED_EINVAL, 0,
                               "route %zu (%.20s %.60s) is the same as route %u (%.60s)", i + 1,
                               routes[i].method ? routes[i].method : "ANY", routes[i].pattern, same,
                               routes[same - 1].pattern);
    }
    return 0;
}

/* Whether a node, if it is one, has to be found in the table. */
static bool in_table(const struct shared_router_tree *tree, unsigned node)
{
    return node && tree->nodes[tree->nodes[node].parent].literal == SHARED_ROUTER_SEVERAL;
}

/* Copies a tree whose arrays were made for the worst into arrays that fit. */
static int fit(struct shared_router_tree *tree, const struct shared_router_tree *wide, size_t ends,
               struct shared_arena *arena, struct shared_error *err)
{
    size_t literals = 0;
    for (uint32_t i = 0; i <= wide->slot_mask; i++)
        literals += in_table(wide, wide->slots[i].node);
    *tree = *wide;
    int code = make_room(tree, arena, slots_for(literals), ends, err);
    if (code < 0)
        return code;
    memcpy(tree->nodes, wide->nodes, wide->node_count * sizeof *tree->nodes);
    memcpy(tree->ends, wide->ends, ends * sizeof *tree->ends);
    memcpy(tree->names, wide->names, wide->name_count * sizeof *tree->names);
    memcpy(tree->texts, wide->texts, wide->text_bytes);
    for (uint32_t i = 0; i <= wide->slot_mask; i++) {
        if (!in_table(wide, wide->slots[i].node))
            continue;
        const struct shared_router_node *node = &tree->nodes[wide->slots[i].node];
        uint32_t hash = shared_router_hash(tree->texts + node->text, node->text_bytes);
        uint32_t place = shared_router_place(tree, shared_router_mix(hash, node->parent));
        while (tree->slots[place].node)
            place = (place + 1) & tree->slot_mask;
        tree->slots[place] = wide->slots[i];
    }
    return 0;
}

static int build(struct shared_router_tree *tree, const struct shared_route *routes, size_t count,
                 struct shared_arena *scratch, struct shared_arena *arena, struct shared_error *err)
{
    struct shared_router_needs needs = {0};
    int code = 0;
    if (count > SHARED_ROUTER_NODES)
        return shared_fail(err, SHARED_ETOOBIG, 0, "%zu routes are more than %d; use several routers", count,
                           SHARED_ROUTER_NODES);
    for (size_t i = 0; code == 0 && i < count; i++)
        code = shared_router_route_check(&routes[i], i + 1, &needs, err);
    struct shared_router_tree wide = {
        .node_count = 1 + needs.segments, .name_count = needs.names, .text_bytes = needs.bytes};
    if (code == 0)
        code = shared_router_methods_gather(&wide, routes, count, err);
    if (code == 0)
        code = make_room(&wide, scratch, slots_for(needs.segments), count, err);
    if (code == 0)
        code = insert_all(&wide, routes, count, err);
    return code == 0 ? fit(tree, &wide, count, arena, err) : code;
}

int shared_router_init(struct shared_router *router, const struct shared_route *routes, size_t count,
                       const struct shared_route_cors *cors, struct shared_error *err)
{
    struct shared_arena scratch = {NULL};
    *router = (struct shared_router){.routes = routes, .cors = cors};
    struct shared_router_tree *tree = shared_arena_alloc(&router->arena, sizeof *tree);
    if (!tree)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a router of %zu routes", count);
    int code = build(tree, routes, count, &scratch, &router->arena, err);
    shared_arena_clean_up(&scratch);
    router->tree = tree;
    if (code < 0)
        shared_router_clean_up(router);
    return code;
}
