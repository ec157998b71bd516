/* uses_metrics.c - echo, with its size as a metric. */
#include <shared/metrics.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    struct shared_metrics metrics;
    shared_metrics_init(&metrics, "echo", context->arena);
    shared_metrics_dimension(&metrics, "stage", "prod");
    shared_metrics_add(&metrics, "EventBytes", SHARED_METRICS_BYTES, (double)event.size_bytes);
    shared_metrics_property(&metrics, "requestId", context->request_id);
    answer->body = event;
    return shared_metrics_flush(&metrics, err);
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
