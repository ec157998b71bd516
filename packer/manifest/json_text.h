/*
 * json_text.h - a JSON text with comments, made ready for cJSON.
 *
 * cJSON says only where it stopped, and takes control characters, numbers and NULs that RFC 8259 does not
 * have. So the text is checked here first, with messages that name the line; cJSON then makes the tree.
 */
#ifndef PACKER_JSON_TEXT_H
#define PACKER_JSON_TEXT_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <cjson/cJSON.h>

/* Deeper texts are refused; a manifest has five levels. */
#define JSON_TEXT_DEPTH 100

/*
 * A copy of the text in which comments, // to the end of the line and slash-star, and a UTF-8 byte order mark
 * are blanks; newlines stay. It ends in a NUL that is not counted. SHARED_EINVAL, "path:line: …", where it
 * holds a NUL, is not UTF-8, or a comment does not end.
 */
int json_text_blank(const char *path, struct shared_slice text, struct shared_arena *arena,
                    struct shared_slice *blanked, struct shared_error *err);

/* Whether a blanked text is JSON: SHARED_EINVAL, "path:line: …", says what is wrong and what to do. */
int json_text_check(const char *path, struct shared_slice blanked, struct shared_error *err);

/* The tree of a blanked and checked text, for the caller to cJSON_Delete. NULL: memory is exhausted, err is
 * set. */
cJSON *json_text_parse(const char *path, struct shared_slice blanked, struct shared_error *err);

#endif
