#include <shared/router.h>

int shared_route_fault(const struct shared_route_call *call, const struct shared_fault *fault,
                       struct shared_apigw_response *response, struct shared_error *err)
{
    *response = (struct shared_apigw_response){
        .status = fault->status, .content_type = fault->content_type, .body = fault->body};
    if (!fault->content_type && fault->body.size_bytes > 0)
        response->content_type = "text/plain; charset=utf-8";
    if (!fault->location)
        return 0;
    struct shared_apigw_pair *location = shared_arena_alloc(call->request->arena, sizeof *location);
    if (!location)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the location of a %d", fault->status);
    *location = (struct shared_apigw_pair){"Location", fault->location};
    response->headers = (struct shared_apigw_pairs){location, 1};
    return 0;
}
