#include "session_reply.h"

#include <shared/apigw_cookie.h>

#include <string.h>

static const struct shared_apigw_pair no_store = {"Cache-Control", "no-store"};

/* The router sends what a handler returned, so a cookie's text, and the place that names it, outlive this
 * call. */
static int set_cookie(struct shared_arena *arena, const char *id, int64_t max_age_s,
                      struct shared_apigw_response *response, struct shared_error *err)
{
    struct shared_apigw_cookie_attributes cookie = {
        .name = SESSION_COOKIE,
        .value = id ? id : "",
        .path = "/",
        .max_age_s = id ? max_age_s : -1,
        .secure = true,
        .http_only = true,
        .same_site = SHARED_SAME_SITE_LAX,
    };
    const char **text = shared_arena_alloc(arena, sizeof(*text));
    if (!text)
        return shared_fail(err, SHARED_ENOMEM, 0, "set the cookie");
    response->cookies = text;
    response->cookie_count = 1;
    return shared_apigw_cookie_format(&cookie, arena, text, err);
}

int session_reply(const struct shared_route_call *call, int status, const char *json, const char *id,
                  int64_t max_age_s, struct shared_apigw_response *response, struct shared_error *err)
{
    response->status = status;
    response->headers = (struct shared_apigw_pairs){&no_store, 1};
    response->body = shared_slice_from_text(json);
    return set_cookie(call->context->arena, id, max_age_s, response, err);
}

static int add_retry_after(struct shared_arena *arena, int64_t retry_after_ms,
                           struct shared_apigw_response *response, struct shared_error *err)
{
    struct shared_apigw_pair *pairs = shared_arena_alloc(arena, 2 * sizeof(*pairs));
    char *seconds = shared_arena_format(
        arena, "%lld", retry_after_ms > 1000 ? (long long)(retry_after_ms + 999) / 1000 : 1LL);
    if (!pairs || !seconds)
        return shared_fail(err, SHARED_ENOMEM, 0, "write Retry-After");
    pairs[0] = no_store;
    pairs[1] = (struct shared_apigw_pair){"Retry-After", seconds};
    response->headers = (struct shared_apigw_pairs){pairs, 2};
    return 0;
}

int session_reply_refuse(const struct shared_route_call *call, int status, const char *text,
                         int64_t retry_after_ms, struct shared_apigw_response *response,
                         struct shared_error *err)
{
    struct shared_arena *arena = call->context->arena;
    const char *json = shared_arena_format(arena, "{\"error\":\"%s\"}", text);
    if (!json)
        return shared_fail(err, SHARED_ENOMEM, 0, "write the answer");
    struct shared_fault fault = {
        .status = status, .content_type = "application/json", .body = shared_slice_from_text(json)};
    int code = shared_route_fault(call, &fault, response, err);
    if (code < 0 || retry_after_ms >= 0)
        return code < 0 ? code : add_retry_after(arena, retry_after_ms, response, err);
    response->headers = (struct shared_apigw_pairs){&no_store, 1};
    return 0;
}
