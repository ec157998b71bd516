/*
 * lock_json.h - a JSON text read from front to end, value by value, without a tree: a lock of 100 MB takes no more
 * memory than what is in it, and each failure knows its line.
 *
 * Functions return 0, or a negative code after lock_fail. What they read, they go past.
 */
#ifndef PACKER_LOCK_JSON_H
#define PACKER_LOCK_JSON_H

#include "manifest/json_token.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOCK_DEPTH 8

/* A member or an element on the way to what is read. */
struct lock_step {
    struct shared_slice name; /* as it stands between its quotes; data NULL: an element */
    size_t index;
};

struct lock_reader {
    const char *path; /* for messages */
    struct shared_slice text;
    struct shared_arena *arena;
    struct shared_error *err;
    struct json_token token; /* the next one */
    struct lock_step steps[LOCK_DEPTH];
    size_t depth;
    void *user;         /* of those who read */
    const char *remedy; /* what ends each message of lock_fail: what mends any such file; NULL: nothing */
};

/* Looks at the first token. */
int lock_reader_start(struct lock_reader *reader);

/*
 * "path:line: steps: what", the line being that of the byte at an offset; the reader's remedy follows where it is not
 * lock_fail_as, whose text has its own. Returns SHARED_EINVAL, or the code.
 */
int lock_fail(struct lock_reader *reader, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int lock_fail_as(struct lock_reader *reader, enum shared_error_code code, size_t at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int lock_no_memory(struct lock_reader *reader);

/* Takes the { or [ that is expected here. */
int lock_open(struct lock_reader *reader, char bracket);

/*
 * Whether there is a further member, whose name is then taken and made the last step, or element: 1; or the end, which
 * is taken: 0. count is of those that were taken before; 0 is the first.
 */
int lock_member(struct lock_reader *reader, size_t count);
int lock_element(struct lock_reader *reader, size_t count);

/* Where the name of the member that is read begins, for lock_fail. */
size_t lock_member_at(const struct lock_reader *reader);

/* After the last value: nothing may follow. */
int lock_end(struct lock_reader *reader);

/* A whole number from 0 to most. */
int lock_number(struct lock_reader *reader, uint64_t most, uint64_t *number);
int lock_truth(struct lock_reader *reader, bool *truth);

/* A text as it stands between its quotes, in the text that is read: for what has no escapes. */
int lock_plain(struct lock_reader *reader, struct shared_slice *text);

/* A text with escapes undone, in the arena. */
int lock_text(struct lock_reader *reader, const char **text);

/* The name of the member that is read, in the same way. */
int lock_member_name(struct lock_reader *reader, const char **name);

#endif
