#include <shared/log_report.h>

#include <shared/log.h>

void shared_log_report(const struct shared_error *problem)
{
    struct shared_log log;
    shared_log_init(&log, NULL);
    shared_log_with(&log, SHARED_LOG_WARN, problem->text,
                    SHARED_LOG_FIELDS(shared_log_text("errorType", shared_error_name(problem->code)),
                                      shared_log_number("errno", problem->sys_errno)));
}
