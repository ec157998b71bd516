#include "apigw/apigw_add_headers.h"

static bool lists(const char *value, struct shared_slice name)
{
    struct shared_slice rest = shared_slice_from_text(value);
    while (rest.data) {
        struct shared_slice listed = shared_slice_trim(shared_slice_split(&rest, ','));
        if (shared_slice_equal_ignore_case(listed, name) ||
            shared_slice_equal(listed, shared_slice_of("*", 1)))
            return true;
    }
    return false;
}

bool shared_apigw_vary_add(struct shared_apigw_response *response, struct shared_apigw_pair *headers,
                           const char *name, struct shared_arena *arena)
{
    static const struct shared_slice vary = SHARED_SLICE_LITERAL("Vary");
    struct shared_slice wanted = shared_slice_from_text(name);
    struct shared_apigw_pair *first = NULL;
    for (size_t i = 0; i < response->headers.count; i++) {
        if (!shared_slice_equal_ignore_case(shared_slice_from_text(headers[i].name), vary))
            continue;
        if (headers[i].value && lists(headers[i].value, wanted))
            return true;
        first = first ? first : &headers[i];
    }
    if (!first || !first->value || !*first->value) {
        first = first ? first : &headers[response->headers.count++];
        *first = (struct shared_apigw_pair){vary.data, name};
        return true;
    }
    first->value = shared_arena_format(arena, "%s, %s", first->value, name);
    return first->value != NULL;
}
