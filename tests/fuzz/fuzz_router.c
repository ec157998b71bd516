/*
 * fuzz_router.c - routes and a path that anybody wrote.
 *
 * Lines "METHOD PATTERN", "*" for any method, up to an empty one; then "METHOD PATH" and, in lines of their
 * own, an Origin, a method and headers that a preflight asks for. What is found is what router_oracle.h finds
 * the slow way, and no request makes an invocation fail.
 */
#include "fuzz_target.h"
#include "router_oracle.h"

#include <cjson/cJSON.h>

#define ROUTES 24

static int handle(const struct shared_route_call *call, struct shared_apigw_response *response,
                  struct shared_error *err)
{
    (void)err;
    for (size_t i = 0; i < call->parameter_count; i++) {
        char *name = shared_arena_copy(call->request->arena, call->parameters[i].name);
        const char *text = shared_route_parameter_text(call, name);
        FUZZ_PROMISE(!text || strlen(text) <= call->parameters[i].text.size_bytes);
        response->body = shared_slice_from_text(text);
    }
    response->content_type = "text/plain";
    return 0;
}

static char *take_line(char **rest)
{
    char *line = strsep(rest, "\n");
    return line ? line : (char *)"";
}

/* Keeps the routes that can be. */
static size_t read_routes(char **rest, struct shared_route *routes)
{
    size_t count = 0;
    char *line;
    while (*(line = take_line(rest))) {
        char *method = strsep(&line, " ");
        if (count == ROUTES || !line)
            continue;
        routes[count] = (struct shared_route){strcmp(method, "*") ? method : NULL, line, handle};
        struct shared_router router;
        struct shared_error err = {0};
        int code = shared_router_init(&router, routes, count + 1, NULL, &err);
        FUZZ_PROMISE(code == 0 || ((code == SHARED_EINVAL || code == SHARED_ETOOBIG) && err.code == code));
        shared_router_clean_up(&router);
        count += code == 0;
    }
    return count;
}

static void check_parameters(const struct shared_route_call *call, const char *path)
{
    for (size_t i = 0; i < call->parameter_count; i++) {
        struct shared_slice text = call->parameters[i].text, name = call->parameters[i].name;
        FUZZ_PROMISE(text.size_bytes > 0 && text.data > path);
        FUZZ_PROMISE(text.data[-1] == '/' && strchr("/", text.data[text.size_bytes]));
        FUZZ_PROMISE(name.data[-1] == '{' && strchr("+}", name.data[name.size_bytes]));
        FUZZ_PROMISE(name.data[name.size_bytes] == '+' || !memchr(text.data, '/', text.size_bytes));
    }
}

static void check_match(const struct shared_router *router, size_t count, const char *method,
                        const char *path)
{
    struct shared_route_call call;
    char allow[1024];
    bool is_known;
    const struct shared_route *expected = oracle_find(router->routes, count, method, path, &is_known);
    enum shared_route_match match = shared_router_match(router, method, path, &call, allow, sizeof allow);
    FUZZ_PROMISE(call.route == expected);
    FUZZ_PROMISE((match == SHARED_ROUTE_FOUND) == (expected != NULL));
    FUZZ_PROMISE((match == SHARED_ROUTE_NOT_FOUND) == !is_known);
    FUZZ_PROMISE((*allow != '\0') == is_known);
    check_parameters(&call, path);
    struct shared_route_call alone;
    FUZZ_PROMISE(shared_router_match(router, method, path, &alone, NULL, 0) == match);
    FUZZ_PROMISE(alone.route == call.route);
}

static void respond(const struct shared_router *router, const struct shared_apigw_request *request)
{
    struct shared_context context = {.request_id = "id", .arena = request->arena};
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    int code = shared_router_respond(router, &context, request, &answer, &err);
    if (request->source == SHARED_APIGW_MAPPED) {
        FUZZ_PROMISE(code == 0 || code == SHARED_EFAULT);
        return;
    }
    FUZZ_PROMISE(code == 0);
    cJSON *json = cJSON_ParseWithLength(answer.body.data, answer.body.size_bytes);
    FUZZ_PROMISE(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, "statusCode")) >= 200);
    cJSON_Delete(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const origins[] = {"https://app.example", "*"};
    static const struct shared_route_cors cors = {
        .origins = origins, .origin_count = 2, .exposed = "X-A", .max_age_s = 1, .credentials = true};
    struct shared_arena arena = {NULL};
    char *text = shared_arena_copy(&arena, shared_slice_of(data, size)), *rest = text;
    struct shared_route routes[ROUTES];
    struct shared_router router;
    size_t count = read_routes(&rest, routes);
    FUZZ_PROMISE(shared_router_init(&router, routes, count, &cors, NULL) == 0);
    char *path = take_line(&rest), *method = strsep(&path, " ");
    path = path ? path : (char *)"";
    struct shared_apigw_pair headers[] = {{"Origin", take_line(&rest)},
                                          {"Access-Control-Request-Method", take_line(&rest)},
                                          {"Access-Control-Request-Headers", take_line(&rest)}};
    if (*method)
        check_match(&router, count, method, path);
    for (int source = SHARED_APIGW_REST; source <= SHARED_APIGW_MAPPED; source++) {
        struct shared_apigw_request request = {.source = (enum shared_apigw_source)source,
                                               .method = method,
                                               .path = path,
                                               .stage = "",
                                               .resource = path,
                                               .path_parameters = {headers, 3},
                                               .headers = {headers, 3},
                                               .arena = &arena};
        respond(&router, &request);
        request.path = "";
        respond(&router, &request);
    }
    shared_router_clean_up(&router);
    shared_arena_clean_up(&arena);
    return 0;
}
