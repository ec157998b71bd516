/* stream_inner.h - what the calls of a stream share. */
#ifndef SHARED_STREAM_INNER_H
#define SHARED_STREAM_INNER_H

#include <shared/stream.h>

#define SHARED_STREAM_TRAILER_TYPE "Lambda-Runtime-Function-Error-Type"
#define SHARED_STREAM_TRAILER_BODY "Lambda-Runtime-Function-Error-Body"

/*
 * Sends the head, if it still waits, and one chunk of what is held back and bytes; then tail, unless its data
 * is NULL: what ends the body. A failure ends the stream: its code is kept, and the connection closed.
 */
int shared_stream_send(struct shared_stream *stream, struct shared_slice bytes, struct shared_slice tail,
                       struct shared_error *err);

#endif
