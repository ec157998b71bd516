#include "base/percent.h"

#include <shared/apigw_cookie.h>

const char *shared_apigw_cookie_text(const struct shared_apigw_request *request, const char *name)
{
    const char *sent = shared_apigw_cookie(request, name);
    char *text = sent ? shared_arena_copy(request->arena, shared_slice_from_text(sent)) : NULL;
    return text && shared_percent_decode(text) ? text : NULL;
}
