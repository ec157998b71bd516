/* log_levels.h - the levels' names, as AWS_LAMBDA_LOG_LEVEL and the lines have them. */
#ifndef SHARED_LOG_LEVELS_H
#define SHARED_LOG_LEVELS_H

/* Indexed by enum shared_log_level. */
extern const char *const shared_log_level_names[];

#endif
