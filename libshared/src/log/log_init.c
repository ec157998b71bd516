#include <shared/log.h>

#include "log/log_levels.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void shared_log_init(struct shared_log *log, const char *request_id)
{
    memset(log, 0, sizeof(*log));
    log->fd = STDERR_FILENO;
    log->level = shared_log_level_read(getenv("AWS_LAMBDA_LOG_LEVEL"), SHARED_LOG_INFO);
    log->request_id = request_id;
    log->function_name = getenv("AWS_LAMBDA_FUNCTION_NAME");
}
