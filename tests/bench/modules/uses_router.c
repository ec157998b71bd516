/* uses_router.c - an echo for each of three routes, and a preflight for browsers. */
#include <shared/router.h>
#include <shared/runtime.h>

static struct shared_router router;

static int echo_body(const struct shared_route_call *call, struct shared_apigw_response *response,
                     struct shared_error *err)
{
    (void)err;
    response->content_type = shared_apigw_header(call->request, "Content-Type");
    response->body = call->request->body;
    return 0;
}

static int echo_name(const struct shared_route_call *call, struct shared_apigw_response *response,
                     struct shared_error *err)
{
    struct shared_fault no_name = {.status = 404};
    const char *name = shared_route_parameter_text(call, "name");
    if (!name)
        return shared_route_fault(call, &no_name, response, err);
    response->content_type = "text/plain; charset=utf-8";
    response->body = shared_slice_from_text(name);
    return 0;
}

static const struct shared_route routes[] = {
    {"POST", "/echoes", echo_body},
    {"GET", "/echoes/{name}", echo_name},
    {"GET", "/assets/{name+}", echo_name},
};
static const char *const origins[] = {"https://app.example"};
static const struct shared_route_cors cors = {.origins = origins, .origin_count = 1, .max_age_s = 600};

static int open_router(void *user, struct shared_error *err)
{
    (void)user;
    return shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), &cors, err);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    return shared_router_serve(&router, context, event, answer, err);
}

int main(void)
{
    struct shared_runtime_options options = {.init = open_router};
    return shared_runtime_run(serve, &options);
}
