/* What bench_soak runs: a function with everything that is kept from one invocation to the next. */
#include <shared/breaker.h>
#include <shared/cache.h>
#include <shared/chain.h>
#include <shared/fault_busy.h>
#include <shared/lazy.h>
#include <shared/log_middleware.h>
#include <shared/log_report.h>
#include <shared/metrics_middleware.h>
#include <shared/prewarm.h>
#include <shared/router.h>
#include <shared/stream.h>
#include <shared/throttle.h>
#include <shared/trace_middleware.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct shared_log_middleware logging = {SHARED_LOG_MIDDLEWARE, SHARED_LOG_HELD(4096),
                                               .debug_sample_rate = 0.01};
static struct shared_metrics_middleware metrics = {SHARED_METRICS_MIDDLEWARE, .name_space = "soak"};
static struct shared_trace_middleware tracing = {SHARED_TRACE_MIDDLEWARE};

static struct shared_cache clients;
static struct shared_throttle throttle = SHARED_THROTTLE_OF(1e9, 1e9, 4);
static struct shared_breaker breaker = SHARED_BREAKER("peer", 5, 1000);
static struct shared_router router;

/* A value that cannot be made each second time. */
static int make_titles(void *user, void **value, struct shared_error *err)
{
    static int tries;
    (void)user;
    if (++tries == 1)
        return shared_fail(err, SHARED_EIO, 0, "not yet");
    *value = strdup("titles");
    return *value ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "no memory");
}

static struct shared_lazy titles = SHARED_LAZY("titles", make_titles, NULL);
static struct shared_prewarm prewarm = {SHARED_PREWARM, .rule = "soak", SHARED_PREWARM_LAZY(&titles)};

/* A client: memory and two descriptors. */
struct client {
    int fds[2];
    char *buffer;
};

static void destroy_client(void *user, void *object)
{
    struct client *client = object;
    (void)user;
    close(client->fds[0]);
    close(client->fds[1]);
    free(client->buffer);
    free(client);
}

static int make_client(void *user, const char *key, const void *borrower, void **object,
                       struct shared_error *err)
{
    (void)borrower;
    struct client *client = calloc(1, sizeof(*client));
    (void)user, (void)key;
    if (!client || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, client->fds) < 0) {
        free(client);
        return shared_fail(err, SHARED_EIO, 0, "no client");
    }
    client->buffer = malloc(4096);
    *object = client;
    return 0;
}

static int use_client(const struct shared_route_call *call, struct shared_error *err)
{
    struct shared_cache_loan loan;
    struct shared_segment segment;
    char key[32];
    long n = strtol(call->parameters[0].text.data, NULL, 10);
    snprintf(key, sizeof(key), "peer-%ld", n % 13);
    shared_segment_open(&segment, call->context->trace, NULL, "peer", call->context->arena);
    int status = shared_cache_borrow(&clients, key, NULL, &loan, err);
    if (status == 0) {
        char byte = 'x';
        struct client *client = loan.object;
        bool works = write(client->fds[0], &byte, 1) == 1 && read(client->fds[1], &byte, 1) == 1;
        shared_cache_return(&clients, &loan, works && n % 101 != 0);
    }
    shared_segment_annotate(&segment, "key", key);
    shared_segment_close(&segment, status < 0 ? err : NULL);
    return status;
}

static int get_title(const struct shared_route_call *call, struct shared_apigw_response *response,
                     struct shared_error *err)
{
    void *value;
    int64_t retry_after_ms;
    if (shared_lazy_use(&titles, call->context, &value, err) < 0)
        return shared_error_wrap(err, "titles");
    if (shared_throttle_enter(&throttle, 0, &retry_after_ms, err) < 0)
        return -1;
    int status = shared_breaker_enter(&breaker, &retry_after_ms, err);
    if (status == 0) {
        status = use_client(call, err);
        shared_breaker_leave(&breaker, status == 0);
    }
    shared_throttle_leave(&throttle);
    if (status < 0)
        return status;
    shared_log(call->context->log, SHARED_LOG_DEBUG, "held back");
    shared_log(call->context->log, SHARED_LOG_INFO, "title served");
    shared_metrics_add(call->context->metrics, "TitlesServed", SHARED_METRICS_COUNT, 1);
    response->content_type = "text/plain";
    response->body = call->parameters[0].text;
    return 0;
}

static int fail(const struct shared_route_call *call, struct shared_apigw_response *response,
                struct shared_error *err)
{
    (void)response;
    shared_log(call->context->log, SHARED_LOG_DEBUG, "comes out");
    return shared_fail(err, SHARED_EIO, 0, "failed as asked");
}

static const struct shared_route routes[] = {{"GET", "/titles/{id}", get_title}, {"GET", "/fail/{id}", fail}};

static int send_film(const struct shared_context *context, struct shared_slice event,
                     struct shared_answer *answer, struct shared_error *err)
{
    const struct shared_stream_options options = {.http = true, .content_type = "video/mp4"};
    struct shared_stream stream;
    if (shared_stream_open(&stream, context, &options, err) < 0)
        return -1;
    int status = 0;
    for (int i = 0; status == 0 && i < 4000; i++)
        status = shared_stream_write(&stream, event, err);
    if (strtol(event.data + 7, NULL, 10) / 40 % 2)
        status = shared_fail(err, SHARED_EIO, 0, "broke as asked");
    return shared_stream_close(&stream, status, answer, err);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    if (event.size_bytes > 6 && memcmp(event.data, "stream", 6) == 0)
        return send_film(context, event, answer, err);
    return shared_router_serve(&router, context, event, answer, err);
}

static int init(void *user, struct shared_error *err)
{
    const struct shared_cache_options options = {
        .capacity = 8, .idle_ms = 60000, .make = make_client, .destroy = destroy_client};
    (void)user;
    if (shared_cache_init(&clients, &options, err) < 0)
        return -1;
    return shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, err);
}

int main(void)
{
    static struct shared_chain chain;
    const struct shared_runtime_options options = {.init = init, .report = shared_log_report};
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO); /* where metrics go */
    close(null);
    setenv("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000", 1);
    return shared_runtime_run(shared_chain_serve,
                              shared_chain_init(&chain, serve, &options,
                                                SHARED_CHAIN(&logging.middleware, &metrics.middleware,
                                                             &tracing.middleware, &prewarm.middleware)));
}
