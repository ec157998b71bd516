/* gunzip.h - undoes gzip (RFC 1952) up to a size. */
#ifndef VIDEO_GUNZIP_H
#define VIDEO_GUNZIP_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>

/* Whether bytes begin as gzip does. */
bool gunzip_is_gzip(struct shared_slice bytes);

/*
 * Inflates one or more gzip members into the arena. Never makes more than limit_bytes, however well a bomb is
 * packed: SHARED_ETOOBIG. Bytes that are no gzip, are cut off or have a wrong checksum: SHARED_EPROTO. Also
 * SHARED_ENOMEM. gzip and *plain may be the same.
 */
int gunzip(struct shared_slice gzip, size_t limit_bytes, struct shared_arena *arena,
           struct shared_slice *plain, struct shared_error *err);

#endif
