/* log_line.h - lines of the log, for the files that make, keep and write them. */
#ifndef SHARED_LOG_LINE_H
#define SHARED_LOG_LINE_H

#include "base/buffer.h"

#include <shared/log.h>

#include <stdbool.h>

/* What shared_log.hold points to begins with it. */
struct shared_log_hold {
    /* Takes lines in place of write(2). */
    void (*put)(const struct shared_log *log, enum shared_log_level level, const struct shared_buffer *line);
    void (*release)(const struct shared_log *log);
};

/* Appends the members and ,"name":value of each field. Returns whether all of them stand in the line. */
bool shared_log_write_fields(struct shared_buffer *line, struct shared_slice members,
                             const struct shared_log_field *fields, size_t field_count);

#endif
