/* zip_stream.h - the deflated bytes that a zip would hold of a content. */
#ifndef PACKER_ZIP_STREAM_H
#define PACKER_ZIP_STREAM_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

/* The level of libdeflate at which packages are written: the first that looks for the shortest parse; 3 % fewer bytes
 * than zlib's best, in its time. */
#define ZIP_DEFLATE_LEVEL 10

/* A raw deflate stream (RFC 1951), in the arena. SHARED_ENOMEM. */
int zip_stream_make(struct shared_slice content, int level, struct shared_arena *arena,
                    struct shared_slice *stream, struct shared_error *err);

#endif
