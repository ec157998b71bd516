#include "runtime/runtime_loop.h"

#include <stdio.h>
#include <string.h>

#define ATTEMPTS 5
#define HEAD_BYTES 4096

/* Nothing that a handler chose may end a header line. */
static bool is_header_safe(struct shared_slice text)
{
    for (size_t i = 0; i < text.size_bytes; i++) {
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return false;
    }
    return true;
}

static const char *safe_or(const char *text, const char *otherwise)
{
    return text && is_header_safe(shared_slice_from_text(text)) ? text : otherwise;
}

/* The head up to, but without, the X-Ray cause. Returns its size. */
static size_t write_head(const struct shared_runtime_loop *loop, const struct shared_runtime_post *post,
                         char head[HEAD_BYTES])
{
    const char *error_type = safe_or(post->error_type, NULL);
    int size = snprintf(
        head, HEAD_BYTES,
        "POST %.*s" SHARED_RUNTIME_API_PATH "%s%s%s HTTP/1.1\r\n"
        "User-Agent: libshared\r\nHost: %.*s\r\nContent-Type: %s\r\nContent-Length: %zu%s%s%s%s\r\n",
        (int)loop->path.size_bytes, loop->path.data, post->target[0], post->target[1], post->target[2],
        (int)loop->host.size_bytes, loop->host.data, safe_or(post->content_type, "application/json"),
        post->body.size_bytes, post->invocation_id ? "\r\nLambda-Runtime-Invocation-Id: " : "",
        post->invocation_id ? post->invocation_id : "",
        error_type ? "\r\nLambda-Runtime-Function-Error-Type: " : "", error_type ? error_type : "");
    return size > 0 && size < HEAD_BYTES ? (size_t)size : 0;
}

/* 410, 413 and the like concern this invocation alone: they are told, and the next event is taken. */
static int judge(const struct shared_runtime_loop *loop, const struct shared_runtime_post *post, int status)
{
    struct shared_error err;
    if (status >= 200 && status < 300)
        return 0;
    shared_fail(&err, status == 500 ? SHARED_EUNSUPPORTED : SHARED_EPROTO, 0,
                "the post to %s%s%s was answered with status %d%s", post->target[0], post->target[1],
                post->target[2], status, status == 410 ? ": the invocation had timed out" : "");
    shared_runtime_report(loop, &err);
    return status == 500 ? err.code : 0;
}

int shared_runtime_send(struct shared_runtime_loop *loop, const struct shared_runtime_post *post)
{
    char head[HEAD_BYTES];
    struct shared_error err;
    struct shared_http_response response;
    bool with_cause = post->xray_cause.size_bytes && is_header_safe(post->xray_cause);
    size_t head_size = write_head(loop, post, head);
    const struct iovec parts[] = {
        {head, head_size},
        {(char *)"Lambda-Runtime-Function-XRay-Error-Cause: ", with_cause ? 42 : 0},
        {(char *)post->xray_cause.data, with_cause ? post->xray_cause.size_bytes : 0},
        {(char *)"\r\n\r\n", with_cause ? 4 : 2},
        {(char *)post->body.data, post->body.size_bytes},
    };
    if (head_size == 0) {
        shared_fail(&err, SHARED_ETOOBIG, 0, "content type, error type and ids have over %d bytes",
                    HEAD_BYTES);
        shared_runtime_report(loop, &err);
        return 0;
    }
    long delay_ms = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (attempt)
            shared_runtime_pause(&delay_ms);
        if (shared_http_exchange(&loop->connection, parts, sizeof(parts) / sizeof(*parts), &loop->arena,
                                 &response, &err) == 0)
            return judge(loop, post, response.status);
        shared_runtime_report(loop, &err);
    }
    return 0;
}
