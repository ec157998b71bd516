/* timestamp.h - a time as RFC 3339 has it, in UTC with milliseconds; safe in a signal handler. */
#ifndef SHARED_BASE_TIMESTAMP_H
#define SHARED_BASE_TIMESTAMP_H

#include <stdint.h>

/* "2026-01-31T23:59:59.999Z" without a NUL. */
#define SHARED_TIMESTAMP_BYTES 24

/* real_us: microseconds since 1970; of the years from 1970 to 9999. */
void shared_timestamp_write(char text[SHARED_TIMESTAMP_BYTES], int64_t real_us);

#endif
