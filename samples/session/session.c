/*
 * session.c - login sessions, kept in Redis.
 *
 *     POST /login {"user":"ada"}   201, the session, and the cookie that stands for it
 *     GET /session                 200, the session, which lives on for another half an hour; 401 without one
 *     DELETE /session              204; 401 without a cookie
 *
 * Shows: a client that lives on between invocations (cache) and is made when it is first asked for (lazy), or
 * by a warm-up event (prewarm); an unstable network, of which the caller sees an answer or a clean 503 with
 * Retry-After, before Lambda's own time-out (retry, breaker); routes; log and metrics.
 *
 * All that is asked of Redis may be asked twice, so all of it is asked again where an answer was lost: GETEX
 * reads and prolongs, DEL deletes what may be gone already, and SET, which makes a session, names it by an id
 * that was drawn here, before the first attempt. An id drawn by INCR, or SET … NX, would not do: a lost
 * answer would leave a second session, or a refusal of what was done. The worst that one leaves here is a
 * session whose id nobody was told: it expires.
 *
 * Who may log in under which name is not this function's to know: let it be called by what has checked that.
 */
#include "login/login_body.h"
#include "login/session_id.h"
#include "login/session_reply.h"
#include "redis/redis_ask.h"
#include "redis/redis_pool.h"

#include <shared/chain.h>
#include <shared/log_middleware.h>
#include <shared/log_report.h>
#include <shared/metrics_middleware.h>
#include <shared/prewarm.h>
#include <shared/router.h>

#include <signal.h>
#include <time.h>

#define TTL_S 1800
#define TTL_TEXT "1800"

static const char *key_of(const struct shared_route_call *call, const char *id)
{
    return shared_arena_format(call->context->arena, "session:%s", id);
}

/* The answer where Redis gave none that is of use. */
static int refuse(const struct shared_route_call *call, const struct redis_answer *answer,
                  struct shared_apigw_response *response, struct shared_error *err)
{
    if (answer->verdict == REDIS_WRONG_TYPE)
        return session_reply_refuse(call, 401, "no session", -1, response, err);
    return session_reply_refuse(call, 503, "sessions are away for a moment", answer->retry_after_ms, response,
                                err);
}

static int post_login(const struct shared_route_call *call, struct shared_apigw_response *response,
                      struct shared_error *err)
{
    struct shared_arena *arena = call->context->arena;
    struct shared_error problem = {0};
    struct redis_answer answer;
    char id[SESSION_ID_BYTES];
    const char *user;
    int code = login_body_read(call->request->body, arena, &user, &problem);
    if (code < 0)
        return session_reply_refuse(call, code == SHARED_ETOOBIG ? 413 : 400, problem.text, -1, response,
                                    err);
    if (session_id_make(id, err) < 0)
        return SHARED_EIO;
    const char *key = key_of(call, id);
    const char *json =
        shared_arena_format(arena, "{\"user\":\"%s\",\"since\":%lld}", user, (long long)time(NULL));
    if (!key || !json)
        return shared_fail(err, SHARED_ENOMEM, 0, "write the session");
    if (redis_ask(call->context, REDIS_WORDS("SET", key, json, "EX", TTL_TEXT), &answer, err) < 0)
        return err->code;
    if (answer.verdict != REDIS_ANSWERED)
        return refuse(call, &answer, response, err);
    shared_metrics_add(call->context->metrics, "Logins", SHARED_METRICS_COUNT, 1);
    return session_reply(call, 201, json, id, TTL_S, response, err);
}

static int get_session(const struct shared_route_call *call, struct shared_apigw_response *response,
                       struct shared_error *err)
{
    const char *id = shared_apigw_cookie(call->request, SESSION_COOKIE);
    struct redis_answer answer;
    if (!session_id_is_valid(id))
        return session_reply_refuse(call, 401, "no session", -1, response, err);
    const char *key = key_of(call, id);
    if (!key)
        return shared_fail(err, SHARED_ENOMEM, 0, "name the session");
    if (redis_ask(call->context, REDIS_WORDS("GETEX", key, "EX", TTL_TEXT), &answer, err) < 0)
        return err->code;
    if (answer.verdict != REDIS_ANSWERED)
        return refuse(call, &answer, response, err);
    if (!answer.text)
        return session_reply_refuse(call, 401, "no session", -1, response, err);
    return session_reply(call, 200, answer.text, id, TTL_S, response, err);
}

static int delete_session(const struct shared_route_call *call, struct shared_apigw_response *response,
                          struct shared_error *err)
{
    const char *id = shared_apigw_cookie(call->request, SESSION_COOKIE);
    struct redis_answer answer;
    if (!session_id_is_valid(id))
        return session_reply_refuse(call, 401, "no session", -1, response, err);
    const char *key = key_of(call, id);
    if (!key)
        return shared_fail(err, SHARED_ENOMEM, 0, "name the session");
    if (redis_ask(call->context, REDIS_WORDS("DEL", key), &answer, err) < 0)
        return err->code;
    if (answer.verdict != REDIS_ANSWERED)
        return refuse(call, &answer, response, err);
    return session_reply(call, 204, NULL, NULL, 0, response, err);
}

static struct shared_router router;

static int init(void *user, struct shared_error *err)
{
    static const struct shared_route routes[] = {
        {"POST", "/login", post_login},
        {"GET", "/session", get_session},
        {"DELETE", "/session", delete_session},
    };
    (void)user;

    /* hiredis 0.14 uses write(2): on a connection that Redis has reset, that signal would end the process. */
    signal(SIGPIPE, SIG_IGN);
    return shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, err);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    return shared_router_serve(&router, context, event, answer, err);
}

static struct shared_log_middleware log_each = {SHARED_LOG_MIDDLEWARE,
                                                SHARED_LOG_CORRELATION("requestContext.requestId")};
static struct shared_metrics_middleware metrics = {SHARED_METRICS_MIDDLEWARE, .name_space = "session"};
static struct shared_prewarm prewarm = {SHARED_PREWARM, .rule = "session-warm",
                                        SHARED_PREWARM_LAZY(&redis_pool, &redis_warm_connection)};

int main(void)
{
    static const struct shared_runtime_options options = {.init = init, .report = shared_log_report};
    static struct shared_chain chain;
    return shared_runtime_run(
        shared_chain_serve,
        shared_chain_init(&chain, serve, &options,
                          SHARED_CHAIN(&log_each.middleware, &metrics.middleware, &prewarm.middleware)));
}
