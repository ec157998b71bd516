#include <shared/log.h>

void shared_log(const struct shared_log *log, enum shared_log_level level, const char *message)
{
    shared_log_with(log, level, message, NULL, 0);
}
