/* uses_metrics_middleware.c - echo, with its size as a metric that goes out by itself, beside cold starts. */
#include <shared/chain.h>
#include <shared/metrics_middleware.h>
#include <shared/runtime.h>

static struct shared_metrics_middleware metrics_part = {SHARED_METRICS_MIDDLEWARE, .name_space = "echo"};

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)err;
    shared_metrics_add(context->metrics, "EventBytes", SHARED_METRICS_BYTES, (double)event.size_bytes);
    answer->body = event;
    return 0;
}

int main(void)
{
    static struct shared_chain chain;
    return shared_runtime_run(shared_chain_serve,
                              shared_chain_init(&chain, echo, NULL, SHARED_CHAIN(&metrics_part.middleware)));
}
