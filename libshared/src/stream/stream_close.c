#include "stream/stream_inner.h"

#include "base/base64.h"
#include "runtime/runtime_header.h"
#include "runtime/runtime_serve.h"

#include <string.h>

/* Lambda's server is one of Go's net/http, which peeks for the end of the trailers in a buffer of 4 KiB
 * (transfer.go, readTrailer) and gives the request up where it is not there. */
#define TRAILERS_BYTES 4096
#define NAMES_BYTES (sizeof(SHARED_STREAM_TRAILER_TYPE SHARED_STREAM_TRAILER_BODY) - 1 + 2 * (2 + 2) + 2)
#define TYPE_BYTES 256

#define LAST_CHUNK "0\r\n"

/* What there is no memory for: {}. */
static const struct shared_slice bare_trailers =
    SHARED_SLICE_LITERAL(LAST_CHUNK SHARED_STREAM_TRAILER_TYPE
                         ": Function.OutOfMemory\r\n" SHARED_STREAM_TRAILER_BODY ": e30=\r\n\r\n");

/* Makes the request that /error would get, so short that its body, in base64, has room. */
static void shorten(struct shared_runtime_request *request, struct shared_arena *arena,
                    struct shared_failure failure, const struct shared_error *err)
{
    if (!failure.message.data)
        failure.message = shared_slice_from_text(err->text);
    if (failure.message.size_bytes > TRAILERS_BYTES)
        failure.message.size_bytes = TRAILERS_BYTES;
    if (!*shared_runtime_header("", failure.type, TYPE_BYTES).value)
        failure.type = NULL;
    for (;;) {
        shared_runtime_failure_write(request, arena, &failure, err);
        size_t room = TRAILERS_BYTES - NAMES_BYTES - strlen(request->error_type);
        if (shared_base64_encoded_bytes(request->body.size_bytes) <= room)
            return;
        if (failure.stack_count)
            failure.stack_count = 0;
        else
            failure.message.size_bytes /= 2;
    }
}

static struct shared_slice make_tail(const struct shared_stream *stream, int status,
                                     const struct shared_answer *answer, const struct shared_error *err)
{
    struct shared_runtime_request request = {0};
    struct shared_buffer tail = {.arena = stream->context->arena};
    if (status >= 0)
        return shared_slice_of(LAST_CHUNK "\r\n", sizeof(LAST_CHUNK "\r\n") - 1);
    shorten(&request, stream->context->arena, answer->failure, err);
    shared_buffer_append_text(&tail, LAST_CHUNK SHARED_STREAM_TRAILER_TYPE ": ");
    shared_buffer_append_text(&tail, request.error_type);
    shared_buffer_append_text(&tail, "\r\n" SHARED_STREAM_TRAILER_BODY ": ");
    shared_base64_append(&tail, request.body);
    shared_buffer_append_text(&tail, "\r\n\r\n");
    return tail.failed ? bare_trailers : shared_slice_of(tail.data, tail.size_bytes);
}

/* Gives the connection back where it can be used again. */
static int finish(struct shared_stream *stream, struct shared_slice tail, struct shared_error *err)
{
    const struct shared_slice nothing = {0};
    struct shared_runtime_loop *loop = stream->context->loop;
    struct shared_http_connection connection = {.fd = -1};
    struct shared_http_response response;
    bool last = true;
    int status = shared_stream_send(stream, nothing, tail, err);
    if (status < 0)
        return status;
    status = shared_http_response_read(stream->fd, &loop->arena, &response, &last, err);
    connection.fd = stream->fd;
    stream->fd = -1;
    stream->code = SHARED_EINVAL; /* nothing can be written any more */
    if (status == 0 && !last && loop->connection.fd < 0)
        loop->connection.fd = connection.fd;
    else
        shared_http_close(&connection);
    if (status < 0 || response.status / 100 == 2)
        return status;
    struct shared_error refused;
    shared_fail(&refused, SHARED_EPROTO, 0, "the streamed answer of invocation %s: status %d",
                stream->context->request_id, response.status);
    shared_runtime_report(loop, &refused);
    return 0;
}

int shared_stream_close(struct shared_stream *stream, int status, struct shared_answer *answer,
                        struct shared_error *err)
{
    struct shared_error own = {0}, problem;
    if (!err)
        err = &own;
    status = shared_runtime_with_code(status, err);
    if (status >= 0 && stream->code)
        status = shared_fail(err, (enum shared_error_code)stream->code, 0,
                             "the stream failed after %zu bytes", stream->sent_bytes);
    if (status < 0 && stream->head.data)
        return status;
    if (stream->fd < 0 && !stream->head.data)
        return stream->code == SHARED_EPROTO ? SHARED_STREAM_FAILED : status;

    int sent = finish(stream, make_tail(stream, status, answer, err), &problem);
    bool is_told = sent == 0 || sent == SHARED_EPROTO;
    if (status < 0 && !is_told)
        shared_runtime_report(stream->context->loop, &problem);
    if (status >= 0 && sent < 0) {
        *err = problem;
        status = sent;
    }
    if (is_told)
        return status < 0 ? SHARED_STREAM_FAILED : SHARED_STREAMED;
    return status;
}
