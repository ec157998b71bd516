#include "base/percent.h"

#include <shared/router.h>

const char *shared_route_parameter_text(const struct shared_route_call *call, const char *name)
{
    struct shared_slice wanted = shared_slice_from_text(name);
    for (size_t i = 0; i < call->parameter_count; i++) {
        if (!shared_slice_equal(call->parameters[i].name, wanted))
            continue;
        char *text = shared_arena_copy(call->request->arena, call->parameters[i].text);
        return text && shared_percent_decode(text) ? text : NULL;
    }
    return NULL;
}
