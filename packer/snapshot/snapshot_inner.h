/* snapshot_inner.h - what the files of this stage have in common. */
#ifndef PACKER_SNAPSHOT_INNER_H
#define PACKER_SNAPSHOT_INNER_H

#include "snapshot/snapshot.h"

#define SNAPSHOT_MAGIC "demine-sizes"
#define SNAPSHOT_WHOLE "*" /* the member or symbol that stands for all that were summed up */
#define SNAPSHOT_LINKER_ROW "[headers, tables, padding]" /* a symbol of the library "linker" */

static inline void snapshot_add(struct snapshot_sizes *sum, const struct snapshot_sizes *sizes)
{
    sum->bytes += sizes->bytes;
    sum->zip_bytes += sizes->zip_bytes;
    sum->count += sizes->count;
}

/*
 * How many bytes a name's next character has that stands in a file as it is; 0: its first byte has to be
 * written as \xHH. size_bytes is what is left of the name, not 0.
 */
size_t snapshot_plain_bytes(const char *text, size_t size_bytes);

/* A name in the form of a file: the text itself where it needs no change, else in the arena. NULL: no memory.
 */
const char *snapshot_escape(const char *text, struct shared_arena *arena);

/*
 * Makes a function's rows, libraries and sums of sorted rows; equal ones are summed up, in place. names are
 * of the libraries that rows have as index, which becomes that of the function's own.
 */
int snapshot_fill(struct snapshot_function *function, struct snapshot_row *rows, size_t count,
                  const char *const *names, struct shared_arena *arena, struct shared_error *err);

#endif
