#include "router/router_tree.h"

#include <string.h>

static int add(struct shared_router_tree *tree, const char *method, struct shared_error *err)
{
    size_t place = 0;
    while (place < tree->method_count && strcmp(tree->methods[place], method) < 0)
        place++;
    if (place < tree->method_count && strcmp(tree->methods[place], method) == 0)
        return 0;
    if (tree->method_count == SHARED_ROUTER_METHODS)
        return shared_fail(err, SHARED_ETOOBIG, 0, "routes have more than %d methods; join some of them",
                           SHARED_ROUTER_METHODS);
    memmove(&tree->methods[place + 1], &tree->methods[place],
            (tree->method_count - place) * sizeof *tree->methods);
    tree->methods[place] = method;
    tree->method_count++;
    return 0;
}

int shared_router_methods_gather(struct shared_router_tree *tree, const struct shared_route *routes,
                                 size_t count, struct shared_error *err)
{
    static const char any[][8] = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
    int code = 0;
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        add(tree, any[i], err);
    for (size_t i = 0; code == 0 && i < count; i++)
        if (routes[i].method)
            code = add(tree, routes[i].method, err);
    for (size_t i = 0; i < tree->method_count; i++)
        tree->method_hashes[i] = shared_router_hash(tree->methods[i], strlen(tree->methods[i]));
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        tree->any |= (uint64_t)1 << shared_router_method(tree, any[i]);
    tree->get = (uint8_t)shared_router_method(tree, "GET");
    tree->head = (uint8_t)shared_router_method(tree, "HEAD");
    tree->options = (uint8_t)shared_router_method(tree, "OPTIONS");
    return code;
}
