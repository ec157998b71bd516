/* uses_log.c - echo, and a line that tells of it. */
#include <shared/log.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)err;
    struct shared_log log;
    shared_log_init(&log, context->request_id);
    shared_log_with(&log, SHARED_LOG_INFO, "echoed",
                    SHARED_LOG_FIELDS(shared_log_number("bytes", (int64_t)event.size_bytes),
                                      shared_log_text("function", context->function_arn)));
    answer->body = event;
    return 0;
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
