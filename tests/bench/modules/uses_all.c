/* uses_all.c - an API that uses every module: what is echoed comes from a peer that may be away. With
 * WITHOUT_COMPRESS every module but apigw_compress, which brings zlib. */
#include <shared/apigw.h>
#include <shared/apigw_compress.h>
#include <shared/apigw_cookie.h>
#include <shared/asset.h>
#include <shared/breaker.h>
#include <shared/cache.h>
#include <shared/chain.h>
#include <shared/crash.h>
#include <shared/fault.h>
#include <shared/fault_busy.h>
#include <shared/lazy.h>
#include <shared/log_middleware.h>
#include <shared/log_report.h>
#include <shared/metrics_middleware.h>
#include <shared/prewarm.h>
#include <shared/resolve.h>
#include <shared/retry.h>
#include <shared/router.h>
#include <shared/shutdown.h>
#include <shared/stream.h>
#include <shared/throttle.h>
#include <shared/trace_middleware.h>
#include <shared/workers.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES 4096

static struct shared_asset titles_file;

static int open_titles(void *user, void **value, struct shared_error *err)
{
    (void)user;
    *value = &titles_file;
    return shared_asset_open(&titles_file, "share/titles.json", err);
}

static struct shared_lazy titles = SHARED_LAZY("titles", open_titles, NULL);
static struct shared_lazy *const wanted[] = {&titles};
static struct shared_throttle throttle = SHARED_THROTTLE;
static struct shared_breaker breaker = SHARED_BREAKER("peer", 5, 10000);
static struct shared_cache buffers;
static struct shared_router router;

static int make_buffer(void *user, const char *key, const void *borrower, void **object,
                       struct shared_error *err)
{
    (void)borrower;
    (void)user;
    *object = malloc(BUFFER_BYTES);
    return *object ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "make the buffer %s", key);
}

static void destroy_buffer(void *user, void *object)
{
    (void)user;
    free(object);
}

/* A peer that is there when a file is. */
static int ask_peer(const struct shared_context *context, struct shared_error *err)
{
    struct shared_retry retry;
    struct shared_segment segment;
    int status;
    shared_segment_open(&segment, context->trace, NULL, "peer", context->arena);
    shared_retry_init(&retry, NULL, context->deadline_ms);
    do
        status = access("/tmp/ready", R_OK);
    while (status < 0 && shared_retry_wait(&retry, shared_retry_after_ms(context->client_context)));
    shared_segment_annotate_number(&segment, "attempts", retry.attempt);
    if (status < 0)
        status = shared_fail(err, SHARED_EIO, 0, "the peer did not answer %d times", retry.attempt);
    shared_segment_close(&segment, status < 0 ? err : NULL);
    return status;
}

static int echo_body(const struct shared_route_call *call, struct shared_apigw_response *response,
                     struct shared_error *err)
{
    struct shared_fault away = {.status = 502, .body = SHARED_SLICE_LITERAL("the peer is away")};
    struct shared_cache_loan loan;
    if (shared_breaker_enter(&breaker, NULL, err) < 0)
        return shared_route_fault(call, &away, response, err);
    int status = ask_peer(call->context, err);
    shared_breaker_leave(&breaker, status == 0);
    if (status < 0)
        return shared_route_fault(call, &away, response, err);
    if (shared_cache_borrow(&buffers, "echo", NULL, &loan, err) < 0)
        return shared_error_wrap(err, "borrow a buffer");
    size_t size =
        call->request->body.size_bytes < BUFFER_BYTES ? call->request->body.size_bytes : BUFFER_BYTES;
    if (size > 0)
        memcpy(loan.object, call->request->body.data, size);
    response->body = shared_slice_of(loan.object, size);
    shared_cache_return(&buffers, &loan, true);
    return 0;
}

static int send_titles(const struct shared_route_call *call, struct shared_apigw_response *response,
                       struct shared_error *err)
{
    struct shared_apigw_cookie_attributes seen = {.name = "seen", .value = "titles", .path = "/"};
    const char **cookie = shared_arena_alloc(call->request->arena, sizeof(*cookie));
    void *value;
    if (!cookie || shared_apigw_cookie_format(&seen, call->request->arena, cookie, err) < 0 ||
        shared_lazy_use(&titles, call->context, &value, err) < 0)
        return shared_error_wrap(err, "titles");
    const struct shared_asset *file = value;
    shared_metrics_add(call->context->metrics, "TitlesBytes", SHARED_METRICS_BYTES,
                       (double)file->content.size_bytes);
    response->cookies = cookie;
    response->cookie_count = 1;
    response->body = file->content;
    return 0;
}

static const struct shared_route routes[] = {
    {"POST", "/echoes", echo_body},
    {"GET", "/titles", send_titles},
};

static int stream_back(const struct shared_context *context, struct shared_slice body,
                       struct shared_answer *answer, struct shared_error *err)
{
    struct shared_stream stream;
    struct shared_stream_options options = {.http = true, .content_type = "application/json"};
    if (shared_stream_open(&stream, context, &options, err) < 0)
        return shared_error_wrap(err, "begin the answer");
    return shared_stream_close(&stream, shared_stream_write(&stream, body, err), answer, err);
}

static int serve_request(const struct shared_context *context, const struct shared_apigw_request *request,
                         struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_response response = {.body = request->body};
    shared_assert(request->method && request->path);
    if (strcmp(request->path, "/stream") == 0)
        return stream_back(context, request->body, answer, err);
#ifdef WITHOUT_COMPRESS
    if (strcmp(request->path, "/back") == 0)
        return shared_apigw_respond(request, &response, answer, err);
#else
    if (strcmp(request->path, "/back") == 0)
        return shared_apigw_respond_compressed(request, &response, 0, answer, err);
#endif
    if (request->source == SHARED_APIGW_MAPPED)
        return shared_fault_redirect(request, 303, "https://example.com/how-to", answer, err);
    return shared_router_respond(&router, context, request, answer, err);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_request request;
    int64_t retry_after_ms;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    if (shared_throttle_enter(&throttle, 0, &retry_after_ms, err) < 0)
        return shared_fault_busy(&request, 429, retry_after_ms, "too many requests", answer, err);
    shared_log_with(context->log, SHARED_LOG_DEBUG, "serving",
                    SHARED_LOG_FIELDS(shared_log_text("path", request.path)));
    int status = serve_request(context, &request, answer, err);
    shared_throttle_leave(&throttle);
    return status;
}

static void clean_up(void *user)
{
    (void)user;
    shared_router_clean_up(&router);
    shared_cache_clean_up(&buffers);
    shared_asset_close(&titles_file);
}

static int init(void *user, struct shared_error *err)
{
    struct shared_cache_options options = {
        .capacity = 8, .idle_ms = 60000, .make = make_buffer, .destroy = destroy_buffer};
    if (shared_cache_init(&buffers, &options, err) < 0 ||
        shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, err) < 0)
        return shared_error_wrap(err, "begin");
    return shared_shutdown_watch(clean_up, user, NULL, err);
}

int main(void)
{
    static struct shared_crash_middleware crash = {SHARED_CRASH_MIDDLEWARE};
    static struct shared_log_middleware log_part = {SHARED_LOG_MIDDLEWARE, SHARED_LOG_HELD(16384)};
    static struct shared_metrics_middleware metrics = {SHARED_METRICS_MIDDLEWARE, .name_space = "echo"};
    static struct shared_trace_middleware trace = {SHARED_TRACE_MIDDLEWARE};
    static struct shared_prewarm prewarm = {SHARED_PREWARM, .rule = "echo-warm", .hold_ms = 75,
                                            .lazy = wanted, .lazy_count = 1};
    static struct shared_chain chain;
    struct shared_runtime_options options = {
        .init = init, .report = shared_log_report, .resolve = shared_runtime_resolve};
    if (shared_crash_install(NULL) < 0)
        return 1;
    return shared_workers_run(
        shared_chain_serve,
        shared_chain_init(&chain, serve, &options,
                          SHARED_CHAIN(&crash.middleware, &log_part.middleware, &metrics.middleware,
                                       &trace.middleware, &prewarm.middleware)));
}
