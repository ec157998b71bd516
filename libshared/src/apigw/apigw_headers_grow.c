#include "apigw/apigw_add_headers.h"

#include <string.h>

const char *shared_apigw_response_header(const struct shared_apigw_response *response, const char *name)
{
    struct shared_slice wanted = shared_slice_from_text(name);
    for (size_t i = 0; i < response->headers.count; i++) {
        const struct shared_apigw_pair *header = &response->headers.items[i];
        if (shared_slice_equal_ignore_case(shared_slice_from_text(header->name), wanted))
            return header->value;
    }
    return NULL;
}

struct shared_apigw_pair *shared_apigw_headers_grow(struct shared_apigw_response *response, size_t more,
                                                    struct shared_arena *arena)
{
    size_t size = response->headers.count * sizeof *response->headers.items;
    struct shared_apigw_pair *items =
        shared_arena_alloc(arena, size + more * sizeof *response->headers.items);
    if (!items)
        return NULL;
    if (size)
        memcpy(items, response->headers.items, size);
    response->headers.items = items;
    return items;
}
