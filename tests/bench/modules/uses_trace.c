/* uses_trace.c - echo, traced. */
#include <shared/runtime.h>
#include <shared/trace.h>

static int daemon_socket;

static int connect_daemon(void *user, struct shared_error *err)
{
    (void)user, (void)err;
    daemon_socket = shared_trace_connect();
    return 0;
}

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)err;
    struct shared_trace trace;
    struct shared_segment segment;
    shared_trace_init(&trace, daemon_socket, context->trace_id);
    shared_segment_open(&segment, &trace, NULL, "echo", context->arena);
    shared_segment_annotate_number(&segment, "bytes", (double)event.size_bytes);
    shared_segment_note(&segment, "client", context->client_context);
    answer->body = event;
    shared_segment_close(&segment, NULL);
    return 0;
}

int main(void)
{
    struct shared_runtime_options options = {.init = connect_daemon};
    return shared_runtime_run(echo, &options);
}
