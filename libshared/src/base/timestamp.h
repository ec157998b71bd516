/* timestamp.h - the time as RFC 3339 has it, in UTC with milliseconds; safe in a signal handler. */
#ifndef SHARED_BASE_TIMESTAMP_H
#define SHARED_BASE_TIMESTAMP_H

/* "2026-01-31T23:59:59.999Z" without a NUL. */
#define SHARED_TIMESTAMP_BYTES 24

/* The time it is by the real-time clock; of the years from 1970 to 9999. */
void shared_timestamp_write(char text[SHARED_TIMESTAMP_BYTES]);

#endif
