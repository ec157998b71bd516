/*
 * slice.h - a run of bytes that somebody else owns.
 *
 * A slice is two words, passed by value. It need not end in NUL and may hold any byte. A slice with data NULL
 * has size 0. All functions are pure: any thread may call them.
 */
#ifndef SHARED_SLICE_H
#define SHARED_SLICE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shared_slice {
    const char *data;
    size_t size_bytes;
};

/* A slice of a string literal, usable in initialisers. */
#define SHARED_SLICE_LITERAL(text) \
    {                              \
        (text), sizeof(text) - 1   \
    }

/* A slice of the given bytes. */
static inline struct shared_slice shared_slice_of(const void *data, size_t size_bytes)
{
    struct shared_slice slice = {(const char *)data, size_bytes};
    return slice;
}

/* A slice of a NUL-terminated text without its NUL; of nothing where text is NULL. */
struct shared_slice shared_slice_from_text(const char *text);

/* True where both hold the same bytes. */
bool shared_slice_equal(struct shared_slice a, struct shared_slice b);

/* True where both are the same but for the case of ASCII letters, whatever the locale. */
bool shared_slice_equal_ignore_case(struct shared_slice a, struct shared_slice b);

/* The slice without spaces, tabs, CR and LF at its two ends. */
struct shared_slice shared_slice_trim(struct shared_slice slice);

/*
 * Splits off what stands before the first separator: returns it and leaves in *rest what follows the
 * separator. Without a separator all of *rest is returned and *rest becomes {NULL, 0}: loop while
 * (rest.data).
 */
struct shared_slice shared_slice_split(struct shared_slice *rest, char separator);

/*
 * Reads a whole slice as a decimal number without sign. Returns false, leaving *value alone, where it is
 * empty, holds anything but digits, or exceeds max.
 */
bool shared_slice_to_number(struct shared_slice slice, unsigned long long max, unsigned long long *value);

#ifdef __cplusplus
}
#endif

#endif
