/* diff_row.h - the texts that one row of a comparison is made of, in a table and in Markdown. */
#ifndef PACKER_DIFF_ROW_H
#define PACKER_DIFF_ROW_H

#include "report/report_diff.h"

#include <shared/arena.h>

#include <stdbool.h>

enum diff_state { DIFF_SAME, DIFF_MOVED, DIFF_CHANGED, DIFF_NEW, DIFF_GONE, DIFF_RENAMED };

enum diff_state diff_state(const struct snapshot_delta *delta);
const char *diff_state_name(enum diff_state state);

/* Numbers of a row by the key that tables are sorted by, and by the other.
 * Texts are in the arena or constant; NULL: no memory. */
struct diff_row {
    const char *before, *after; /* "new", "gone" where it is not there */
    const char *delta, *other;  /* "+1,234", "-5", "0" */
    const char *count;          /* "4", "3 → 4" */
};

struct diff_row diff_row(const struct snapshot_delta *delta, enum snapshot_key key,
                         struct shared_arena *arena);

/* "+1,234". */
const char *diff_signed_text(uint64_t before, uint64_t after, struct shared_arena *arena);

/* "+1,234 B (+0.52 %)"; without the share where there was nothing before. */
const char *diff_growth_text(uint64_t before, uint64_t after, struct shared_arena *arena);

/*
 * Of a snapshot that is shallower than the other: which it is, and what follows its name, "was written …"; NULL
 * where both are as deep.
 */
const char *diff_missing(const struct snapshot_comparison *comparison, const struct report_diff *how,
                         const char **which);

/* How a table falls into parts. */
struct diff_parts {
    const struct snapshot_delta **rows; /* that differ, in the table's order, in the arena */
    size_t row_count;
    size_t shown;                              /* of them */
    struct snapshot_delta others, moved, same; /* sums of the rows not shown, and of those below */
    size_t other_count, moved_count, same_count;
};

/*
 * Parts a table. moved_too: rows of which the share of the zip alone is another are as good as others. top:
 * rows shown; 0: all. SHARED_ENOMEM.
 */
int diff_part(const struct snapshot_deltas *deltas, bool moved_too, size_t top, struct shared_arena *arena,
              struct diff_parts *parts, struct shared_error *err);

#endif
