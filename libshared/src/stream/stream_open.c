#include "stream/stream_inner.h"

#include "apigw/apigw_fields.h"
#include "runtime/runtime_header.h"
#include "runtime/runtime_loop.h"
#include "json/json_write.h"

#include <stdio.h>
#include <string.h>

/* "The 8 null bytes must be within the first 16 KB" (AWS Lambda developer guide, "Response streaming", 2025).
 */
#define PRELUDE_BYTES 16384
#define NULS_BYTES 8

static int check_type(const char *type, struct shared_error *err)
{
    if (strlen(type) > SHARED_RUNTIME_HEADER_BYTES)
        return shared_fail(err, SHARED_ETOOBIG, 0, "a content type of %zu bytes; there may be %d",
                           strlen(type), SHARED_RUNTIME_HEADER_BYTES);
    return shared_apigw_field_check("Content-Type", type, err);
}

/* The shape of a Function URL's response, which a REST API's streaming integration takes too. */
static int write_prelude(struct shared_buffer *prelude, const struct shared_stream_options *options,
                         const char *type, struct shared_error *err)
{
    static const struct shared_apigw_request request = {.source = SHARED_APIGW_URL};
    const struct shared_apigw_response response = {.content_type = type,
                                                   .headers = options->headers,
                                                   .cookies = options->cookies,
                                                   .cookie_count = options->cookie_count};
    struct shared_apigw_fields fields;
    int status = options->status ? options->status : 200;
    int code = shared_apigw_status_check(status, err);
    if (code == 0)
        code = shared_apigw_fields_gather(&fields, &response, prelude->arena, err);
    if (code == 0)
        code = shared_apigw_fields_join(&fields, prelude->arena, err);
    if (code < 0)
        return code;
    shared_buffer_append(prelude, "{", 1);
    shared_json_write_key(prelude, "statusCode");
    shared_apigw_status_write(prelude, status);
    shared_apigw_fields_write(prelude, &fields, &request);
    shared_buffer_append(prelude, "}\0\0\0\0\0\0\0\0", 1 + NULS_BYTES);
    if (prelude->size_bytes > PRELUDE_BYTES)
        return shared_fail(err, SHARED_ETOOBIG, 0,
                           "status and headers have %zu bytes of JSON; there may be %d",
                           prelude->size_bytes - NULS_BYTES, PRELUDE_BYTES - NULS_BYTES);
    return 0;
}

static void write_head(struct shared_buffer *head, const struct shared_context *context, const char *type)
{
    const struct shared_runtime_loop *loop = context->loop;
    struct shared_runtime_header id = shared_runtime_header(
        "Lambda-Runtime-Invocation-Id: ", context->invocation_id, SHARED_RUNTIME_HEADER_BYTES);
    const char *text = shared_arena_format(
        context->arena,
        "POST %s" SHARED_RUNTIME_API_PATH "/invocation/%s/response HTTP/1.1\r\nHost: %.*s\r\n"
        "User-Agent: libshared\r\nContent-Type: %s\r\n"
        "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
        "Trailer: " SHARED_STREAM_TRAILER_TYPE ", " SHARED_STREAM_TRAILER_BODY "\r\n%s%s%s\r\n",
        loop->api + loop->host_size_bytes, context->request_id, (int)loop->host_size_bytes, loop->api, type,
        id.name, id.value, *id.name ? "\r\n" : "");
    head->failed |= !text;
    if (text)
        shared_buffer_append_text(head, text);
}

/* The prelude is the body's first chunk. */
static void write_chunk(struct shared_buffer *head, const struct shared_buffer *prelude)
{
    char line[24];
    snprintf(line, sizeof(line), "%zx\r\n", prelude->size_bytes);
    shared_buffer_append_text(head, line);
    shared_buffer_append(head, prelude->data, prelude->size_bytes);
    shared_buffer_append_text(head, "\r\n");
    head->failed |= prelude->failed;
}

static int open_stream(struct shared_stream *stream, const struct shared_stream_options *options,
                       struct shared_error *err)
{
    const struct shared_context *context = stream->context;
    if (!context->loop)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "an answer can be streamed from a handler that a loop calls; here there is none");
    const char *type = options->content_type ? options->content_type : "application/octet-stream";
    struct shared_buffer prelude = {.arena = context->arena}, head = {.arena = context->arena};
    int code = options->http ? write_prelude(&prelude, options, type, err) : check_type(type, err);
    if (code < 0)
        return code;
    write_head(&head, context, options->http ? "application/vnd.awslambda.http-integration-response" : type);
    if (options->http)
        write_chunk(&head, &prelude);
    if (head.failed)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the head of a stream");
    stream->head = shared_slice_of(head.data, head.size_bytes);
    return 0;
}

int shared_stream_open(struct shared_stream *stream, const struct shared_context *context,
                       const struct shared_stream_options *options, struct shared_error *err)
{
    static const struct shared_stream_options defaults;
    stream->context = context;
    stream->head = (struct shared_slice){0};
    stream->fd = -1;
    stream->sent_bytes = stream->held_bytes = 0;
    return stream->code = open_stream(stream, options ? options : &defaults, err);
}
