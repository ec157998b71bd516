#include "router/router_tree.h"

#include <string.h>

/* All hashes are looked at, whatever is found: a loop that is left early is one that a processor foresees
 * badly. */
unsigned shared_router_method(const struct shared_router_tree *tree, const char *method)
{
    uint32_t hash = shared_router_hash(method, strlen(method));
    unsigned found = 0;
    for (unsigned i = 0; i < tree->method_count; i++)
        found = tree->method_hashes[i] == hash ? i : found;
    if (strcmp(tree->methods[found], method) == 0)
        return found;
    for (found = 0; found < tree->method_count; found++) /* of those that share a hash it was another one */
        if (strcmp(tree->methods[found], method) == 0)
            return found;
    return SHARED_ROUTER_METHOD_OTHER;
}
