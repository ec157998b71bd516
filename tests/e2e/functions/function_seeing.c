/* Everything that lets one see: a log that holds lines, metrics and a trace, around a handler that fails where the
 * event says so. As many at once as AWS_LAMBDA_MAX_CONCURRENCY says. */
#include <shared/chain.h>
#include <shared/log_middleware.h>
#include <shared/log_report.h>
#include <shared/metrics_middleware.h>
#include <shared/trace_middleware.h>
#include <shared/workers.h>

#include <string.h>

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    struct shared_segment segment;
    struct shared_log log;
    shared_log_child(&log, context->log, context->arena,
                     SHARED_LOG_FIELDS(shared_log_number("bytes", (int64_t)event.size_bytes)));
    shared_log_with(&log, SHARED_LOG_DEBUG, "seldom seen",
                    SHARED_LOG_FIELDS(shared_log_slice("event", event)));
    shared_metrics_add(context->metrics, "Bytes", SHARED_METRICS_BYTES, (double)event.size_bytes);
    for (int i = 0; i < 150; i++)
        shared_metrics_add(context->metrics, "Step", SHARED_METRICS_NONE, i);
    shared_segment_open(&segment, context->trace, NULL, "inner", context->arena);
    shared_segment_note(&segment, "event", context->request_id);
    shared_segment_close(&segment, NULL);
    answer->body = event;
    if (event.size_bytes >= 4 && memcmp(event.data, "fail", 4) == 0)
        return shared_fail(err, SHARED_ENOTFOUND, 0, "out of stock");
    return 0;
}

int main(void)
{
    static struct shared_chain chain;
    static struct shared_log_middleware log = {
        SHARED_LOG_MIDDLEWARE, SHARED_LOG_CORRELATION("headers.x-correlation-id"), SHARED_LOG_HELD(4096)};
    static struct shared_metrics_middleware metrics = {SHARED_METRICS_MIDDLEWARE, .name_space = "seeing"};
    static struct shared_trace_middleware trace = {SHARED_TRACE_MIDDLEWARE};
    const struct shared_runtime_options options = {.report = shared_log_report};
    return shared_workers_run(
        shared_chain_serve,
        shared_chain_init(&chain, serve, &options,
                          SHARED_CHAIN(&log.middleware, &metrics.middleware, &trace.middleware)));
}
