#include "router/router_tree.h"

#include <string.h>

struct shared_router_piece shared_router_piece_take(const char **at)
{
    const char *text = *at;
    size_t size = strcspn(text, "/");
    *at = text[size] ? text + size + 1 : NULL;
    struct shared_router_piece piece = {SHARED_ROUTER_LITERAL, shared_slice_of(text, size)};
    if (*text != '{')
        return piece;
    piece.kind = text[size - 2] == '+' ? SHARED_ROUTER_REST : SHARED_ROUTER_PARAMETER;
    piece.text = shared_slice_of(text + 1, size - 2 - (piece.kind == SHARED_ROUTER_REST));
    return piece;
}
