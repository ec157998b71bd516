#include "log/log_levels.h"

const char *const shared_log_level_names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
