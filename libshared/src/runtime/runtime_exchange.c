#include "runtime/runtime_header.h"
#include "runtime/runtime_loop.h"

#include <stdio.h>

#define HEAD_BYTES (SHARED_XRAY_CAUSE_LIMIT_BYTES + 3 * SHARED_RUNTIME_HEADER_BYTES + 4096)

int shared_runtime_exchange(struct shared_runtime_loop *loop, const struct shared_runtime_request *request,
                            struct shared_http_response *response, struct shared_error *err)
{
    struct shared_runtime_header type =
        shared_runtime_header("", request->content_type, SHARED_RUNTIME_HEADER_BYTES);
    struct shared_runtime_header id = shared_runtime_header(
        "\r\nLambda-Runtime-Invocation-Id: ", request->invocation_id, SHARED_RUNTIME_HEADER_BYTES);
    struct shared_runtime_header error = shared_runtime_header(
        "\r\nLambda-Runtime-Function-Error-Type: ", request->error_type, SHARED_RUNTIME_HEADER_BYTES);
    struct shared_runtime_header cause = shared_runtime_header(
        "\r\nLambda-Runtime-Function-XRay-Error-Cause: ", request->xray_cause, SHARED_XRAY_CAUSE_LIMIT_BYTES);
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
