/* content_stream.h - the deflated bytes that a zip would hold of a content that is in memory already. */
#ifndef PACKER_CONTENT_STREAM_H
#define PACKER_CONTENT_STREAM_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>

/*
 * The raw deflate stream (RFC 1951) that content_deflate makes of a content, in the arena; where it is not smaller than the
 * content, a zip has the content instead. program: it is a function's bootstrap. SHARED_ENOMEM.
 */
int content_stream_make(struct shared_slice content, enum manifest_level level, bool program,
                        struct shared_arena *arena, struct shared_slice *stream, struct shared_error *err);

#endif
