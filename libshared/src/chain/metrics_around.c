#include <shared/metrics_middleware.h>

#include <shared/log.h>

#include <stdlib.h>

static void begin(struct shared_metrics *metrics, const struct shared_metrics_middleware *options,
                  const struct shared_context *context)
{
    const char *service = options->service ? options->service : getenv("POWERTOOLS_SERVICE_NAME");
    shared_metrics_init(metrics, options->name_space, context->arena);
    if (service)
        shared_metrics_dimension(metrics, "service", service);
}

static void flush(struct shared_metrics *metrics, const struct shared_context *context)
{
    struct shared_error problem;
    if (shared_metrics_flush(metrics, &problem) < 0)
        shared_log(context->log, SHARED_LOG_WARN, problem.text);
}

static void count_cold_start(const struct shared_metrics_middleware *options,
                             const struct shared_context *context)
{
    struct shared_metrics metrics;
    const char *function = getenv("AWS_LAMBDA_FUNCTION_NAME");
    begin(&metrics, options, context);
    if (function)
        shared_metrics_dimension(&metrics, "FunctionName", function);
    shared_metrics_add(&metrics, "ColdStart", SHARED_METRICS_COUNT, 1);
    shared_metrics_add(&metrics, "InitDuration", SHARED_METRICS_MILLISECONDS,
                       (double)context->init_us / 1000);
    flush(&metrics, context);
}

int shared_metrics_around(struct shared_middleware *self, const struct shared_context *context,
                          struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    const struct shared_metrics_middleware *options = (const void *)self;
    struct shared_context own = *context;
    struct shared_metrics metrics;

    if (context->cold_start)
        count_cold_start(options, context);
    begin(&metrics, options, context);
    for (const char *const *pair = options->dimensions; pair && pair[0]; pair += 2)
        shared_metrics_dimension(&metrics, pair[0], pair[1]);
    shared_metrics_property(&metrics, "requestId", context->request_id);
    own.metrics = &metrics;

    int result = shared_middleware_next(self, &own, event, answer, err);
    flush(&metrics, context);
    return result;
}
