/*
 * json_raw.h - JSON text handled as text.
 *
 * What a parser keeps as a double comes out of it changed (9007199254740993), so a value that is passed on is
 * taken from the text. The text must have been parsed once; with any other these are safe, but of no use.
 */
#ifndef SHARED_JSON_RAW_H
#define SHARED_JSON_RAW_H

#include <shared/slice.h>

#include <stddef.h>

/* The text of the value of an object's member by its place, from 0; {NULL, 0} where there are fewer. */
struct shared_slice shared_json_member_text(struct shared_slice object, size_t index);

/* Copies text to out, which has text.size_bytes, without the white space between tokens. Returns the bytes
 * written. */
size_t shared_json_compact(char *out, struct shared_slice text);

#endif
