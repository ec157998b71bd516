/*
 * arena.h - memory that is given back all at once.
 *
 * The runtime resets its arena after each invocation: what a handler allocates there needs no free. An arena
 * belongs to one thread at a time.
 */
#ifndef SHARED_ARENA_H
#define SHARED_ARENA_H

#include <shared/slice.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shared_arena_block;

/* To be treated as opaque; {0} is an arena ready for use. */
struct shared_arena {
    struct shared_arena_block *newest;
};

/* Makes an empty arena; allocates nothing. */
void shared_arena_init(struct shared_arena *arena);

/* Gives everything back. The arena is then as after shared_arena_init. */
void shared_arena_clean_up(struct shared_arena *arena);

/*
 * Ends the life of everything allocated, but keeps one block, the largest up to 8 MiB (a synchronous payload
 * and some), for what comes next: a function that handles the same kind of event again and again stops asking
 * the operating system for memory after the first.
 */
void shared_arena_reset(struct shared_arena *arena);

/*
 * size_bytes of uninitialised memory aligned to 16 bytes, alive until reset or clean up; the arena owns it.
 * Returns NULL where memory is exhausted. A size of 0 gives a unique pointer.
 */
void *shared_arena_alloc(struct shared_arena *arena, size_t size_bytes)
    __attribute__((malloc, alloc_size(2)));

/*
 * Changes the size of an allocation of this arena (or of NULL, 0) and keeps its content; in place where it is
 * the newest one and there is room. Returns the new address, or NULL where memory is exhausted; the old
 * allocation is then untouched.
 */
void *shared_arena_resize(struct shared_arena *arena, void *old, size_t old_bytes, size_t new_bytes);

/* A NUL-terminated copy of a slice. Returns NULL where memory is exhausted. */
char *shared_arena_copy(struct shared_arena *arena, struct shared_slice slice);

/* A text formatted as by printf. Returns NULL where memory is exhausted. */
char *shared_arena_format(struct shared_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

#endif
