#include "log/log_line.h"

void shared_log_release(const struct shared_log *log)
{
    if (log && log->hold)
        log->hold->release(log);
}
