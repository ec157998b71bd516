/* content_stream.h - the deflated bytes that a zip would hold of a content that is in memory already. */
#ifndef PACKER_CONTENT_STREAM_H
#define PACKER_CONTENT_STREAM_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

/* A raw deflate stream (RFC 1951), in the arena; level as content_level gives it. SHARED_ENOMEM. */
int content_stream_make(struct shared_slice content, int level, struct shared_arena *arena,
                        struct shared_slice *stream, struct shared_error *err);

#endif
