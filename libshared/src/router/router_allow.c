#include "router/router_tree.h"

#include <string.h>

/* RFC 9110, section 10.2.1. */
static uint64_t complete(const struct shared_router_tree *tree, uint64_t methods)
{
    if (methods >> SHARED_ROUTER_METHOD_ANY)
        methods |= tree->any;
    if (methods >> tree->get & 1)
        methods |= (uint64_t)1 << tree->head;
    return methods | (uint64_t)1 << tree->options;
}

size_t shared_router_allow_bytes(const struct shared_router_tree *tree)
{
    size_t size = 1;
    for (size_t i = 0; i < tree->method_count; i++)
        size += strlen(tree->methods[i]) + 2;
    return size;
}

void shared_router_allow(const struct shared_router_tree *tree, uint64_t methods, char *allow,
                         size_t allow_bytes)
{
    size_t used = 0;
    if (allow_bytes == 0)
        return;
    methods = methods ? complete(tree, methods) : 0;
    for (size_t i = 0; i < tree->method_count; i++) {
        size_t size = strlen(tree->methods[i]), comma = used ? 2 : 0;
        if (!(methods >> i & 1) || size + comma >= allow_bytes - used)
            continue;
        memcpy(allow + used, ", ", comma);
        memcpy(allow + used + comma, tree->methods[i], size);
        used += comma + size;
    }
    allow[used] = '\0';
}
