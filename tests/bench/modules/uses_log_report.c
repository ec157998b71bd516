/* uses_log_report.c - echo, and what goes wrong between it and Lambda as lines of the log. */
#include <shared/log_report.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context, (void)err;
    answer->body = event;
    return 0;
}

int main(void)
{
    struct shared_runtime_options options = {.report = shared_log_report};
    return shared_runtime_run(echo, &options);
}
