/* function_web.c - one function behind several routes: parameters, cookies, a fault, compression, CORS. */
#include <shared/apigw_compress.h>
#include <shared/apigw_cookie.h>
#include <shared/router.h>

static int get_item(const struct shared_route_call *call, struct shared_apigw_response *response,
                    struct shared_error *err)
{
    const char *id = shared_route_parameter_text(call, "id");
    const char *before = shared_apigw_cookie_text(call->request, "seen");
    const char **cookie = shared_arena_alloc(call->context->arena, sizeof *cookie);
    struct shared_apigw_cookie_attributes seen = {
        .name = "seen", .value = id, .max_age_s = 60, .secure = true, .http_only = true};
    const char *body =
        shared_arena_format(call->context->arena, "%s after %s", id ? id : "?", before ? before : "nothing");
    if (!cookie || !body)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for an item");
    response->content_type = "text/plain; charset=utf-8";
    response->body = shared_slice_from_text(body);
    response->cookies = cookie;
    response->cookie_count = 1;
    return shared_apigw_cookie_format(&seen, call->context->arena, cookie, err);
}

static int delete_item(const struct shared_route_call *call, struct shared_apigw_response *response,
                       struct shared_error *err)
{
    const struct shared_fault fault = {.status = 409, .body = shared_slice_from_text("in use")};
    return shared_route_fault(call, &fault, response, err);
}

static int get_list(const struct shared_route_call *call, struct shared_apigw_response *response,
                    struct shared_error *err)
{
    static char list[1 << 21];
    for (size_t i = 0; i < sizeof list; i++)
        list[i] = "[\"Metropolis\"]\n"[i % 15];
    response->body = shared_slice_of(list, sizeof list);
    return shared_apigw_compress(call->request, response, 0, err);
}

static const struct shared_route routes[] = {
    {"GET", "/items/{id}", get_item},
    {"DELETE", "/items/{id}", delete_item},
    {"GET", "/list", get_list},
};

static int init(void *user, struct shared_error *err)
{
    static const char *const origins[] = {"https://app.example"};
    static const struct shared_route_cors cors = {.origins = origins, .origin_count = 1, .credentials = true};
    return shared_router_init(user, routes, SHARED_ROUTES_COUNT(routes), &cors, err);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    return shared_router_serve(context->user, context, event, answer, err);
}

int main(void)
{
    static struct shared_router router;
    const struct shared_runtime_options options = {.init = init, .user = &router};
    return shared_runtime_run(serve, &options);
}
