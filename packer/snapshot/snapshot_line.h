/* snapshot_line.h - the lines of a snapshot's text, and what a wrong one is told. */
#ifndef PACKER_SNAPSHOT_LINE_H
#define PACKER_SNAPSHOT_LINE_H

#include "snapshot/snapshot.h"

#include <stdbool.h>

#define LINE_FIELDS 5

/* A text that is read line by line; the fields are those of the last line. */
struct snapshot_line {
    const char *path;
    struct shared_slice text; /* all of it */
    struct shared_slice rest; /* what follows the line */
    size_t number;            /* of the line, from 1 */
    struct shared_slice fields[LINE_FIELDS];
    size_t field_count;
    struct shared_arena *arena;
    struct shared_error *err;
};

/* Columns of a name that messages quote. */
#define LINE_SHOWN 40

/* SHARED_EPROTO, with file, line and byte; at points into the text. */
int line_fail(const struct snapshot_line *line, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int line_no_memory(const struct snapshot_line *line);

/* Goes to the next line that is no remark, and splits it. Returns 1, 0 at the end, or a negative code. */
int line_next(struct snapshot_line *line);

int line_expect_fields(const struct snapshot_line *line, size_t count);
bool line_field_is(const struct snapshot_line *line, size_t field, const char *text);

/* A number of a field, or of a part of one, up to SNAPSHOT_LARGEST. */
int line_number(const struct snapshot_line *line, struct shared_slice slice, uint64_t *number);

/* A name in the arena; it has to follow the one before it, where that is not NULL. */
int line_name(const struct snapshot_line *line, size_t field, const char *before, const char **name);

/* A field repeats what the lines above began: name, which is NULL where they did not. */
int line_expect_same(const struct snapshot_line *line, size_t field, const char *what, const char *name);

#endif
