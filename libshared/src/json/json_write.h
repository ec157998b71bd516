/* json_write.h - JSON text (RFC 8259) appended to a buffer. */
#ifndef SHARED_JSON_WRITE_H
#define SHARED_JSON_WRITE_H

#include "base/buffer.h"

#include <shared/slice.h>

#include <stdint.h>

/*
 * Appends a string with its quotes. Control characters, quote and backslash are escaped; each byte that is
 * not part of well-formed UTF-8 becomes U+FFFD, so the result is always valid.
 */
void shared_json_write_string(struct shared_buffer *buffer, struct shared_slice text);

/* Appends ,"name": or, right after {, "name": with the name escaped. */
void shared_json_write_key(struct shared_buffer *buffer, const char *name);

/* Appends ,"name":"text" in the same way. */
void shared_json_write_member(struct shared_buffer *buffer, const char *name, const char *text);

/* Appends number / 10^decimals without zeros at its end; decimals 0 to 18. */
void shared_json_write_decimal(struct shared_buffer *buffer, int64_t number, int decimals);

/* Appends a number that reads back as the same double, whatever the locale; null where JSON has none (NaN,
 * infinities). It has 17 digits where up to six decimals do not say it. */
void shared_json_write_real(struct shared_buffer *buffer, double real);

/* The same in a tenth of the time where up to six decimals say it, for twice the code. */
void shared_json_write_quick_real(struct shared_buffer *buffer, double real);

#endif
