#include <shared/router.h>

int shared_router_serve(const struct shared_router *router, const struct shared_context *context,
                        struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    return shared_router_respond(router, context, &request, answer, err);
}
