/* uses_log_middleware.c - echo with a log that knows its invocation, and keeps debug lines for a failed one. */
#include <shared/chain.h>
#include <shared/log_middleware.h>
#include <shared/runtime.h>

static struct shared_log_middleware log_part = {
    SHARED_LOG_MIDDLEWARE, SHARED_LOG_CORRELATION("headers.x-correlation-id"), SHARED_LOG_HELD(16384)};

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)err;
    shared_log_with(context->log, SHARED_LOG_DEBUG, "echoing",
                    SHARED_LOG_FIELDS(shared_log_number("bytes", (int64_t)event.size_bytes)));
    answer->body = event;
    return 0;
}

int main(void)
{
    static struct shared_chain chain;
    return shared_runtime_run(shared_chain_serve,
                              shared_chain_init(&chain, echo, NULL, SHARED_CHAIN(&log_part.middleware)));
}
