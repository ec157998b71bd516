#include "apigw/apigw_add_headers.h"
#include "router/router_answer.h"
#include "router/router_tree.h"

#include <string.h>

/* One request on its way through the router. */
struct turn {
    const struct shared_router *router;
    const char *path;
    struct shared_route_call call;
    struct shared_apigw_response response;
};

static int answer_text(struct turn *turn, int status, const char *text, struct shared_error *err)
{
    const struct shared_fault fault = {.status = status, .body = shared_slice_from_text(text)};
    return shared_route_fault(&turn->call, &fault, &turn->response, err);
}

/* The methods of the path, in the request's arena. */
static char *list_methods(struct turn *turn, struct shared_error *err)
{
    const struct shared_router *router = turn->router;
    size_t size = shared_router_allow_bytes(router->tree);
    char *allow = shared_arena_alloc(turn->call.request->arena, size);
    if (!allow)
        shared_fail(err, SHARED_ENOMEM, 0, "no memory for the methods of a path");
    else
        shared_router_match(router, turn->call.request->method, turn->path, &turn->call, allow, size);
    return allow;
}

/* RFC 9110, sections 9.3.7 and 15.5.6. */
static int refuse_method(struct turn *turn, struct shared_error *err)
{
    bool is_options = strcmp(turn->call.request->method, "OPTIONS") == 0;
    turn->response.status = 204;
    int code = is_options ? 0 : answer_text(turn, 405, "method not allowed", err);
    if (code < 0)
        return code;
    char *allow = list_methods(turn, err);
    struct shared_apigw_pair *headers =
        shared_apigw_headers_grow(&turn->response, 1, turn->call.request->arena);
    if (!allow || !headers)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the header Allow");
    headers[turn->response.headers.count++] = (struct shared_apigw_pair){"Allow", allow};
    return 0;
}

static int serve_preflight(struct turn *turn, struct shared_error *err)
{
    char *allow = list_methods(turn, err);
    if (!allow)
        return SHARED_ENOMEM;
    if (!*allow)
        return answer_text(turn, 404, "no such resource", err);
    turn->response.status = 204;
    return shared_router_preflight_add(turn->router->cors, turn->call.request, allow, &turn->response, err);
}

static int call_handler(struct turn *turn, struct shared_error *err)
{
    int code = turn->call.route->handler(&turn->call, &turn->response, err);
    if (code >= 0 || !turn->router->failed)
        return code;
    turn->response = (struct shared_apigw_response){.status = 0};
    return turn->router->failed(&turn->call, &turn->response, err);
}

static int find(struct turn *turn, struct shared_error *err)
{
    switch (shared_router_match(turn->router, turn->call.request->method, turn->path, &turn->call, NULL, 0)) {
    case SHARED_ROUTE_FOUND:
        return call_handler(turn, err);
    case SHARED_ROUTE_METHOD_NOT_ALLOWED:
        return refuse_method(turn, err);
    default:
        return answer_text(turn, 404, "no such resource", err);
    }
}

static int send_mapped(struct turn *turn, struct shared_answer *answer, struct shared_error *err)
{
    const struct shared_apigw_response *response = &turn->response;
    if (response->status < 300)
        return shared_apigw_respond(turn->call.request, response, answer, err);
    const struct shared_fault fault = {.status = response->status,
                                       .location = shared_apigw_response_header(response, "Location"),
                                       .content_type = response->content_type,
                                       .body = response->body};
    return shared_fault_raise(turn->call.request, &fault, answer, err);
}

static int send(struct turn *turn, struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_response *response = &turn->response;
    if (strcmp(turn->call.request->method, "HEAD") == 0) {
        if (!response->content_type && response->body.size_bytes > 0)
            response->content_type = "application/json"; /* as it would be with the body */
        response->body = shared_slice_of(NULL, 0);
    }
    return shared_apigw_respond(turn->call.request, response, answer, err);
}

int shared_router_respond(const struct shared_router *router, const struct shared_context *context,
                          const struct shared_apigw_request *request, struct shared_answer *answer,
                          struct shared_error *err)
{
    struct turn turn = {.router = router,
                        .path = shared_router_path(router, request),
                        .call = {.context = context, .request = request}};
    bool is_mapped = request->source == SHARED_APIGW_MAPPED;
    const struct shared_route_cors *cors = is_mapped ? NULL : router->cors;
    if (!turn.path)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the path of a request");
    bool is_preflight = cors && shared_router_is_preflight(request);
    int code = is_preflight ? serve_preflight(&turn, err) : find(&turn, err);
    if (code != 0)
        return code;
    if (is_mapped)
        return send_mapped(&turn, answer, err);
    if (cors)
        code = shared_router_cors_add(cors, request, &turn.response, err);
    return code < 0 ? code : send(&turn, answer, err);
}
