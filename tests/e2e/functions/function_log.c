/* Logs what the event says, and the runtime's own troubles as lines of the log. */
#include <shared/log.h>
#include <shared/log_report.h>
#include <shared/runtime.h>

static int log_event(const struct shared_context *context, struct shared_slice event,
                     struct shared_answer *answer, struct shared_error *err)
{
    struct shared_log log;
    (void)err;
    shared_log_init(&log, context->request_id);
    shared_log(&log, SHARED_LOG_DEBUG, "seldom seen");
    shared_log_with(&log, SHARED_LOG_INFO, "an event",
                    SHARED_LOG_FIELDS(shared_log_slice("event", event),
                                      shared_log_number("bytes", (int64_t)event.size_bytes)));
    answer->body = event;
    return 0;
}

int main(void)
{
    const struct shared_runtime_options options = {.report = shared_log_report};
    return shared_runtime_run(log_event, &options);
}
