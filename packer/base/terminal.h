/* terminal.h - what a stream may be sent beside plain text. */
#ifndef PACKER_TERMINAL_H
#define PACKER_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum terminal_colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* Reads auto, always or never; false for anything else. */
bool terminal_colour_parse(const char *text, enum terminal_colour *colour);

/* Whether to write colour: AUTO means a terminal that is not "dumb", and NO_COLOR unset or empty
 * (no-color.org). */
bool terminal_wants_colour(FILE *stream, enum terminal_colour colour);

/* Whether it is a terminal, also one that is "dumb". */
bool terminal_is(FILE *stream);

/* Whether somebody sees the stream as it is written: a terminal that is not "dumb". */
bool terminal_is_live(FILE *stream);

/* Columns of the terminal, else of COLUMNS, else 80. */
size_t terminal_width(FILE *stream);

#endif
