#include "stream/stream_inner.h"

#include <string.h>

int shared_stream_write(struct shared_stream *stream, struct shared_slice bytes, struct shared_error *err)
{
    if (stream->code)
        return shared_fail(err, (enum shared_error_code)stream->code, 0, "the stream has failed before");
    if (bytes.size_bytes > SHARED_STREAM_LIMIT_BYTES - stream->sent_bytes)
        return stream->code =
                   shared_fail(err, SHARED_ETOOBIG, 0, "the answer has over %d bytes; Lambda streams no more",
                               SHARED_STREAM_LIMIT_BYTES);
    stream->sent_bytes += bytes.size_bytes;
    if (bytes.size_bytes > sizeof(stream->held) - stream->held_bytes)
        return shared_stream_send(stream, bytes, (struct shared_slice){0}, err);
    if (bytes.size_bytes)
        memcpy(stream->held + stream->held_bytes, bytes.data, bytes.size_bytes);
    stream->held_bytes += bytes.size_bytes;
    return 0;
}
