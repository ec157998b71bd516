/* json_cursor.h - what JSON text (RFC 8259) is made of, passed over one token at a time. */
#ifndef SHARED_JSON_CURSOR_H
#define SHARED_JSON_CURSOR_H

#include <stdbool.h>

struct shared_json_cursor {
    const char *at, *end;
};

static inline bool shared_json_next_is(const struct shared_json_cursor *c, char byte)
{
    return c->at < c->end && *c->at == byte;
}

/* Passes over byte where it comes next; returns whether it does. */
bool shared_json_take(struct shared_json_cursor *c, char byte);

void shared_json_skip_space(struct shared_json_cursor *c);

/* Pass over a string, and over any value but an object or an array. False where none comes next; the cursor
 * is then anywhere before the end. */
bool shared_json_take_string(struct shared_json_cursor *c);
bool shared_json_take_scalar(struct shared_json_cursor *c);

#endif
