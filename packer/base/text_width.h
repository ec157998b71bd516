/*
 * text_width.h - how far a UTF-8 text reaches on a terminal.
 *
 * Each code point counts as one column. Combining marks and wide East Asian characters are not told apart: a
 * line that holds them is aligned a little off, never broken.
 */
#ifndef PACKER_TEXT_WIDTH_H
#define PACKER_TEXT_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

/* The size of the well-formed UTF-8 sequence (RFC 3629) that text begins with, 1 to 4; 0 where there is none.
 */
size_t text_character_bytes(const char *text, size_t size_bytes);

/* Whether a text begins with a control character: U+0000 to U+001F, U+007F to U+009F, which terminals obey. */
bool text_is_control(const char *text, size_t size_bytes);

/* Columns of a NUL-terminated text; a byte that is not UTF-8 counts as one. */
size_t text_width(const char *text);

/* How many bytes of a NUL-terminated text fit into columns; never ends within a character. */
size_t text_fit(const char *text, size_t columns);

#endif
