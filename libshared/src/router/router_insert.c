#include "base/percent.h"
#include "router/router_tree.h"

#include <string.h>

/* Appends the literal, decoded, to the tree's texts without keeping it there. Returns its bytes. */
static size_t decode(struct shared_router_tree *tree, struct shared_slice literal)
{
    char *out = tree->texts + tree->text_bytes;
    for (size_t i = 0; i < literal.size_bytes; i++) {
        int byte = shared_percent_byte(literal.data + i);
        i += byte >= 0 ? 2 : 0;
        *out++ = byte >= 0 ? (char)byte : literal.data[i];
    }
    return (size_t)(out - tree->texts) - tree->text_bytes;
}

static unsigned add_node(struct shared_router_tree *tree, unsigned parent)
{
    tree->nodes[tree->node_count] = (struct shared_router_node){.parent = (uint16_t)parent};
    return (unsigned)tree->node_count++;
}

static unsigned literal_child(struct shared_router_tree *tree, unsigned parent, struct shared_slice literal)
{
    size_t size = decode(tree, literal);
    const char *text = tree->texts + tree->text_bytes;
    uint64_t mixed = shared_router_mix(shared_router_hash(text, size), parent);
    uint32_t place = shared_router_place(tree, mixed);
    for (; tree->slots[place].node; place = (place + 1) & tree->slot_mask) {
        const struct shared_router_node *node = &tree->nodes[tree->slots[place].node];
        if (node->parent == parent && node->text_bytes == size &&
            memcmp(tree->texts + node->text, text, size) == 0)
            return tree->slots[place].node;
    }
    unsigned child = add_node(tree, parent);
    uint16_t *only = &tree->nodes[parent].literal;
    *only = *only ? SHARED_ROUTER_SEVERAL : (uint16_t)child;
    tree->nodes[child].text = (uint32_t)tree->text_bytes;
    tree->nodes[child].text_bytes = (uint16_t)size;
    tree->text_bytes += size;
    tree->slots[place] = (struct shared_router_slot){shared_router_tag(mixed), (uint16_t)child};
    return child;
}

static unsigned child_of(struct shared_router_tree *tree, unsigned parent,
                         const struct shared_router_piece *piece)
{
    if (piece->kind == SHARED_ROUTER_LITERAL)
        return literal_child(tree, parent, piece->text);
    struct shared_router_node *node = &tree->nodes[parent];
    uint16_t *child = piece->kind == SHARED_ROUTER_REST ? &node->rest : &node->parameter;
    if (!*child)
        *child = (uint16_t)add_node(tree, parent);
    return *child;
}

unsigned shared_router_insert(struct shared_router_tree *tree, const struct shared_route *route,
                              unsigned number)
{
    unsigned node = 0;
    tree->ends[number - 1].names = (uint32_t)tree->name_count;
    for (const char *at = route->pattern + 1; at;) {
        struct shared_router_piece piece = shared_router_piece_take(&at);
        node = child_of(tree, node, &piece);
        if (piece.kind != SHARED_ROUTER_LITERAL)
            tree->names[tree->name_count++] = (struct shared_router_name){
                (uint16_t)(piece.text.data - route->pattern), (uint16_t)piece.text.size_bytes};
    }
    unsigned method = route->method ? shared_router_method(tree, route->method) : SHARED_ROUTER_METHOD_ANY;
    uint16_t *next = &tree->nodes[node].first;
    for (; *next; next = &tree->ends[*next - 1].next)
        if (tree->ends[*next - 1].method == method)
            return *next;
    *next = (uint16_t)number;
    tree->ends[number - 1].method = (uint8_t)method;
    return 0;
}
