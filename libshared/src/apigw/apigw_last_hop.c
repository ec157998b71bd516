#include "apigw/apigw_split.h"

#include <string.h>

const char *shared_apigw_last_hop(const struct shared_apigw_pairs *headers, struct shared_arena *arena)
{
    static const struct shared_slice name = SHARED_SLICE_LITERAL("x-forwarded-for");
    const char *hops = "";
    for (size_t i = 0; i < headers->count; i++)
        if (shared_slice_equal_ignore_case(shared_slice_from_text(headers->items[i].name), name))
            hops = headers->items[i].value;
    const char *comma = strrchr(hops, ',');
    return shared_arena_copy(arena, shared_slice_trim(shared_slice_from_text(comma ? comma + 1 : hops)));
}
