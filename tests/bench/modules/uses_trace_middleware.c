/* uses_trace_middleware.c - echo in a segment of its own, with one of the handler's within. */
#include <shared/chain.h>
#include <shared/runtime.h>
#include <shared/trace_middleware.h>

static struct shared_trace_middleware trace_part = {SHARED_TRACE_MIDDLEWARE};

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)err;
    struct shared_segment segment;
    shared_segment_open(&segment, context->trace, NULL, "echo", context->arena);
    shared_segment_annotate_bool(&segment, "empty", event.size_bytes == 0);
    answer->body = event;
    shared_segment_close(&segment, NULL);
    return 0;
}

int main(void)
{
    static struct shared_chain chain;
    return shared_runtime_run(shared_chain_serve,
                              shared_chain_init(&chain, echo, NULL, SHARED_CHAIN(&trace_part.middleware)));
}
