#include <shared/log.h>

#include "log/log_levels.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void shared_log_init(struct shared_log *log, const char *request_id)
{
    const char *wanted = getenv("AWS_LAMBDA_LOG_LEVEL");
    *log = (struct shared_log){
        .fd = STDERR_FILENO,
        .level = SHARED_LOG_INFO,
        .request_id = request_id,
        .function_name = getenv("AWS_LAMBDA_FUNCTION_NAME"),
    };
    for (int level = SHARED_LOG_TRACE; wanted && level <= SHARED_LOG_FATAL; level++) {
        if (strcmp(wanted, shared_log_level_names[level]) == 0)
            log->level = (enum shared_log_level)level;
    }
}
