/* base64.h - the standard alphabet of RFC 4648, section 4, with padding. */
#ifndef SHARED_BASE_BASE64_H
#define SHARED_BASE_BASE64_H

#include "base/buffer.h"

#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

/* The size of what encoding size_bytes gives, without a NUL. */
static inline size_t shared_base64_encoded_bytes(size_t size_bytes)
{
    return (size_bytes + 2) / 3 * 4;
}

/* Room that decoding size_bytes may need. */
static inline size_t shared_base64_decoded_bytes(size_t size_bytes)
{
    return size_bytes / 4 * 3;
}

/* Writes exactly shared_base64_encoded_bytes at out; no NUL. */
void shared_base64_encode(char *out, struct shared_slice data);

/* Appends data, encoded. */
void shared_base64_append(struct shared_buffer *buffer, struct shared_slice data);

/*
 * Decodes into out, which has shared_base64_decoded_bytes, and sets *out_bytes. Returns false where text is
 * not base64: a byte outside the alphabet (white space too), or a length that padding does not bring to a
 * multiple of 4.
 */
bool shared_base64_decode(char *out, size_t *out_bytes, struct shared_slice text);

#endif
