#include "runtime/runtime_loop.h"

#include <stdio.h>

#define HEADER_LIMIT_BYTES 1024
#define HEAD_BYTES (SHARED_XRAY_CAUSE_LIMIT_BYTES + 3 * HEADER_LIMIT_BYTES + 4096)

/* A header of its own, or nothing where there is no value. Nothing that a handler chose may end a line, or be
 * so long that there is no answer. */
struct header {
    const char *name, *value;
};

static struct header header(const char *name, const char *value, ptrdiff_t limit_bytes)
{
    for (const char *c = value; value && *c; c++) {
        if ((unsigned char)*c < ' ' || c - value >= limit_bytes)
            value = NULL;
    }
    return value ? (struct header){name, value} : (struct header){"", ""};
}

int shared_runtime_exchange(struct shared_runtime_loop *loop, const struct shared_runtime_request *request,
                            struct shared_http_response *response, struct shared_error *err)
{
    struct header type = header("", request->content_type, HEADER_LIMIT_BYTES);
    struct header id =
        header("\r\nLambda-Runtime-Invocation-Id: ", request->invocation_id, HEADER_LIMIT_BYTES);
    struct header error =
        header("\r\nLambda-Runtime-Function-Error-Type: ", request->error_type, HEADER_LIMIT_BYTES);
    struct header cause = header("\r\nLambda-Runtime-Function-XRay-Error-Cause: ", request->xray_cause,
                                 SHARED_XRAY_CAUSE_LIMIT_BYTES);
    char head[HEAD_BYTES];
    int size =
        snprintf(head, sizeof(head),
                 "%s %s" SHARED_RUNTIME_API_PATH "%s%s%s HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: libshared\r\n"
                 "Content-Type: %s\r\nContent-Length: %zu%s%s%s%s%s%s\r\n\r\n",
                 request->method, loop->api + loop->host_size_bytes, request->target[0], request->target[1],
                 request->target[2], (int)loop->host_size_bytes, loop->api,
                 *type.value ? type.value : "application/json", request->body.size_bytes, id.name, id.value,
                 error.name, error.value, cause.name, cause.value);
    if ((size_t)size >= sizeof(head))
        return shared_fail(err, SHARED_ETOOBIG, 0, "the headers have %d bytes", size);
    const struct shared_slice parts[2] = {{head, (size_t)size}, request->body};
    int status = shared_http_exchange(&loop->connection, parts, &loop->arena, response, err);
    if (status == 0 && response->status == 500)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0, "Lambda cannot go on: status 500");
    return status;
}
