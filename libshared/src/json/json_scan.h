/*
 * json_scan.h - values looked up in JSON text (RFC 8259) where they stand: no tree and no memory.
 *
 * What is passed over is checked as strictly as a parser would, so that a value is never taken from the
 * inside of another one; what lies behind the value that was asked for is not looked at. Only the UTF-8 in
 * strings is taken as it is. Any bytes are safe, and time grows with their number alone. A value may nest
 * SHARED_JSON_SCAN_DEPTH deep; what is deeper counts as broken.
 */
#ifndef SHARED_JSON_SCAN_H
#define SHARED_JSON_SCAN_H

#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

#define SHARED_JSON_SCAN_DEPTH 512

/*
 * Splits off the value that *rest begins with, white space before it left out: returns its text, a string
 * with its quotes, and leaves in *rest what follows. {NULL, 0} where there is no value; *rest is then as it
 * was.
 */
struct shared_slice shared_json_scan_value(struct shared_slice *rest);

enum shared_json_step { SHARED_JSON_BROKEN = -1, SHARED_JSON_END, SHARED_JSON_ITEM };

/* Where a walk over an object or an array has come to: begins as {.rest = text}. */
struct shared_json_walk {
    struct shared_slice rest; /* after SHARED_JSON_END: what follows the object */
    bool begun;
};

/* The next item: sets *value and, of an object, *name, a string with its quotes. name NULL: an array is
 * walked over. A walk ends with the first result that is no SHARED_JSON_ITEM. */
enum shared_json_step shared_json_scan_next(struct shared_json_walk *walk, struct shared_slice *name,
                                            struct shared_slice *value);

/*
 * The text of the value at a path such as "headers.x-request-id" or "Records.0.messageId" (a number is the
 * place in an array, or a member's name); the first where a name occurs again. ignore_case: that of ASCII
 * letters in the last name of the path. {NULL, 0} where there is none, or the text is broken before its end.
 */
struct shared_slice shared_json_scan_path(struct shared_slice text, const char *path, bool ignore_case);

/* True where string, with its quotes, means the text. False for every other kind of value. */
bool shared_json_string_is(struct shared_slice string, struct shared_slice text, bool ignore_case);

/*
 * Writes what a string, with its quotes, means and sets *out_bytes. A half of a surrogate pair becomes
 * U+FFFD; \u0000 is a NUL. Returns false where value is no string, or has more than room_bytes;
 * string.size_bytes are always enough.
 */
bool shared_json_unescape(struct shared_slice string, char *out, size_t room_bytes, size_t *out_bytes);

#endif
