#include <shared/route_busy.h>

int shared_route_busy(const struct shared_route_call *call, int status, int64_t retry_after_ms,
                      const char *text, struct shared_apigw_response *response, struct shared_error *err)
{
    struct shared_arena *arena = call->request->arena;
    const struct shared_fault fault = {.status = status, .body = shared_slice_from_text(text)};
    int code = shared_route_fault(call, &fault, response, err);
    if (code < 0 || retry_after_ms < 0)
        return code;
    int64_t seconds = retry_after_ms / 1000 + (retry_after_ms % 1000 > 0);
    struct shared_apigw_pair *header = shared_arena_alloc(arena, sizeof *header);
    const char *value = shared_arena_format(arena, "%lld", seconds > 0 ? (long long)seconds : 1);
    if (!header || !value)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the header Retry-After");
    *header = (struct shared_apigw_pair){"Retry-After", value};
    response->headers = (struct shared_apigw_pairs){header, 1};
    return 0;
}
