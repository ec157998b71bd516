#include "apigw/apigw_add_headers.h"
#include "apigw/apigw_token.h"
#include "router/router_answer.h"

#include <string.h>

#define HEADERS_MOST 6
#define ASKED_BYTES_MOST 4096

bool shared_router_is_preflight(const struct shared_apigw_request *request)
{
    return strcmp(request->method, "OPTIONS") == 0 && shared_apigw_header(request, "Origin") &&
           shared_apigw_header(request, "Access-Control-Request-Method");
}

/* What comes from a request goes into a response only where it can split nothing. */
static bool is_visible(const char *text)
{
    const char *at = text;
    while (*at > 0x20 && *at < 0x7F)
        at++;
    return at > text && !*at;
}

static bool is_list_of_tokens(const char *text)
{
    const char *at = text;
    while (*at && (*at == ' ' || *at == ',' || shared_apigw_is_token_byte(*at)))
        at++;
    return at > text && !*at && at - text <= ASKED_BYTES_MOST;
}

/* Fetch, "CORS check": what Access-Control-Allow-Origin says to this origin, NULL for none of it. */
static const char *allowed_origin(const struct shared_route_cors *cors, bool *all, const char *origin)
{
    *all = false;
    bool is_listed = false;
    for (size_t i = 0; i < cors->origin_count; i++) {
        *all = *all || strcmp(cors->origins[i], "*") == 0;
        is_listed = is_listed || (origin && strcmp(cors->origins[i], origin) == 0);
    }
    if (*all && !cors->credentials)
        return "*";
    is_listed = is_listed || *all;
    *all = false;
    return is_listed && origin && is_visible(origin) ? origin : NULL;
}

static void add(struct shared_apigw_response *response, struct shared_apigw_pair *headers, const char *name,
                const char *value)
{
    headers[response->headers.count++] = (struct shared_apigw_pair){name, value};
}

/* Headers that have room for those of CORS, those that every answer has among them; *allows says whether the
 * origin may. NULL where memory is exhausted. */
static struct shared_apigw_pair *add_common(const struct shared_route_cors *cors,
                                            const struct shared_apigw_request *request,
                                            struct shared_apigw_response *response, bool *allows)
{
    bool all;
    const char *origin = allowed_origin(cors, &all, shared_apigw_header(request, "Origin"));
    struct shared_apigw_pair *headers = shared_apigw_headers_grow(response, HEADERS_MOST, request->arena);
    if (!headers || (!all && !shared_apigw_vary_add(response, headers, "Origin", request->arena)))
        return NULL;
    *allows = origin != NULL;
    if (origin)
        add(response, headers, "Access-Control-Allow-Origin", origin);
    if (origin && cors->credentials)
        add(response, headers, "Access-Control-Allow-Credentials", "true");
    return headers;
}

int shared_router_cors_add(const struct shared_route_cors *cors, const struct shared_apigw_request *request,
                           struct shared_apigw_response *response, struct shared_error *err)
{
    bool allows;
    if (shared_apigw_response_header(response, "Access-Control-Allow-Origin"))
        return 0;
    struct shared_apigw_pair *headers = add_common(cors, request, response, &allows);
    if (!headers)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the headers of CORS");
    if (allows && cors->exposed)
        add(response, headers, "Access-Control-Expose-Headers", cors->exposed);
    return 0;
}

int shared_router_preflight_add(const struct shared_route_cors *cors,
                                const struct shared_apigw_request *request, const char *methods,
                                struct shared_apigw_response *response, struct shared_error *err)
{
    bool allows;
    struct shared_apigw_pair *headers = add_common(cors, request, response, &allows);
    const char *asked = shared_apigw_header(request, "Access-Control-Request-Headers");
    const char *names = cors->headers ? cors->headers : asked && is_list_of_tokens(asked) ? asked : NULL;
    const char *age = cors->max_age_s > 0 ? shared_arena_format(request->arena, "%d", cors->max_age_s) : "";
    if (!headers || !age ||
        (!cors->headers &&
         !shared_apigw_vary_add(response, headers, "Access-Control-Request-Headers", request->arena)))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the headers of CORS");
    if (!allows)
        return 0;
    add(response, headers, "Access-Control-Allow-Methods", methods);
    if (names)
        add(response, headers, "Access-Control-Allow-Headers", names);
    if (*age)
        add(response, headers, "Access-Control-Max-Age", age);
    return 0;
}
