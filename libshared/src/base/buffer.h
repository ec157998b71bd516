/*
 * buffer.h - bytes that are appended to, in an arena or in storage of the caller's.
 *
 * Appending never fails visibly: once memory is exhausted, or fixed storage is full, the buffer is marked
 * failed, ignores what follows, and its maker looks once, at the end.
 */
#ifndef SHARED_BASE_BUFFER_H
#define SHARED_BASE_BUFFER_H

#include <shared/arena.h>

#include <stdbool.h>
#include <stddef.h>

struct shared_buffer {
    struct shared_arena *arena; /* NULL: fixed storage */
    char *data;
    size_t size_bytes;
    size_t capacity_bytes;
    bool failed;
};

/* A buffer that grows in an arena: {.arena = arena}. One in fixed storage: {.data = …, .capacity_bytes = …}.
 */

/* Room for size_bytes at the end, for the caller to fill and then add to size_bytes; NULL where there is
 * none. */
char *shared_buffer_reserve(struct shared_buffer *buffer, size_t size_bytes);

void shared_buffer_append(struct shared_buffer *buffer, const void *data, size_t size_bytes);

/* Appends a NUL-terminated text without its NUL. */
void shared_buffer_append_text(struct shared_buffer *buffer, const char *text);

#endif
