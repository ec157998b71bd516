#include "log/log_levels.h"

#include <string.h>

const char shared_log_level_names[6][6] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

enum shared_log_level shared_log_level_read(const char *name, enum shared_log_level otherwise)
{
    for (int level = SHARED_LOG_TRACE; name && level <= SHARED_LOG_FATAL; level++) {
        if (strcmp(name, shared_log_level_names[level]) == 0)
            return (enum shared_log_level)level;
    }
    return otherwise;
}
