/*
 * columns.h - a table of texts with aligned columns.
 *
 * The first column is set left, all others right unless they are said to be names too. The first row is the heading.
 * No row ends in blanks. A name too wide for the terminal, or of over 72 columns where there is none, is shown without
 * its middle: "_ZNSt8functionIF…E9_M_invoke".
 */
#ifndef PACKER_COLUMNS_H
#define PACKER_COLUMNS_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Caller-owned; cells live in the arena. */
struct columns {
    struct shared_arena *arena;
    size_t column_count;
    unsigned names;     /* bit i: column i holds names, and is set left */
    const char **cells; /* row by row */
    size_t cell_count, capacity;
    bool failed; /* memory was exhausted */
};

/* {.arena = …, .column_count = …} is an empty table. Cells are added in reading order; texts are borrowed. */
void columns_add(struct columns *columns, const char *cell);

/* A number with separators: 1,234,567. */
void columns_add_number(struct columns *columns, uint64_t number);

/* A part of a whole, as columns_share_text gives it. */
void columns_add_share(struct columns *columns, uint64_t part, uint64_t whole);

/* Whether all of the table has room on the terminal; true where there is none, or memory is exhausted. */
bool columns_fit(const struct columns *columns, FILE *out);

/* Writes the table; with colour the heading is bold. SHARED_ENOMEM where a cell had no room. */
int columns_print(const struct columns *columns, FILE *out, bool colour, struct shared_error *err);

/* A part of a whole in per cent, in the arena, or NULL: "0.05 %", "12.3 %"; "-" where there is no whole. */
char *columns_share_text(struct shared_arena *arena, uint64_t part, uint64_t whole);

/* "1,234,567" in the arena, or NULL. */
char *columns_number_text(struct shared_arena *arena, uint64_t number);

#endif
