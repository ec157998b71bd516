/* log_levels.h - the levels' names, as AWS_LAMBDA_LOG_LEVEL and the lines have them. */
#ifndef SHARED_LOG_LEVELS_H
#define SHARED_LOG_LEVELS_H

#include <shared/log.h>

/* Indexed by enum shared_log_level. Texts in place: pointers to them would take a relocation each. */
extern const char shared_log_level_names[6][6];

/* The level of that name; otherwise where name is NULL or none. */
enum shared_log_level shared_log_level_read(const char *name, enum shared_log_level otherwise);

#endif
