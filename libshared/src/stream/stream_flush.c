#include "stream/stream_inner.h"

int shared_stream_flush(struct shared_stream *stream, struct shared_error *err)
{
    const struct shared_slice nothing = {0};
    if (stream->code)
        return shared_fail(err, (enum shared_error_code)stream->code, 0, "the stream has failed before");
    return stream->head.data || stream->held_bytes ? shared_stream_send(stream, nothing, nothing, err) : 0;
}
