/* uses_stream.c - echo, streamed. */
#include <shared/runtime.h>
#include <shared/stream.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    struct shared_stream stream;
    struct shared_stream_options options = {.http = true, .content_type = "application/json"};
    if (shared_stream_open(&stream, context, &options, err) < 0)
        return shared_error_wrap(err, "begin the answer");
    return shared_stream_close(&stream, shared_stream_write(&stream, event, err), answer, err);
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
