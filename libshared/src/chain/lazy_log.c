#include "chain/lazy_report.h"

void shared_lazy_log(const struct shared_lazy *lazy, const struct shared_lazy_making *making, int status,
                     const struct shared_error *err, const struct shared_log *log)
{
    if (!log || !making->tried)
        return;
    const struct shared_log_field fields[] = {
        shared_log_text("lazy", lazy->name),
        shared_log_milliseconds("took_ms", making->took_us),
        shared_log_text("errorType", shared_error_name(err->code)),
        shared_log_text("error", err->text),
    };
    if (status < 0)
        shared_log_with(log, SHARED_LOG_WARN, "lazy value failed", fields, 4);
    else
        shared_log_with(log, SHARED_LOG_INFO, "lazy value made", fields, 2);
}
