#include "runtime/runtime_loop.h"

#include "http/http_head.h"

#include <stdlib.h>
#include <string.h>

/* Where a header's value goes. putenv keeps the pointer: setenv would leak a copy for each invocation. */
static char trace_variable[1024] = "_X_AMZN_TRACE_ID=";

static const struct {
    const char *name;
    size_t offset;
} fields[] = {
    {"Lambda-Runtime-Aws-Request-Id", offsetof(struct shared_context, request_id)},
    {"Lambda-Runtime-Invoked-Function-Arn", offsetof(struct shared_context, function_arn)},
    {"Lambda-Runtime-Trace-Id", offsetof(struct shared_context, trace_id)},
    {"Lambda-Runtime-Client-Context", offsetof(struct shared_context, client_context)},
    {"Lambda-Runtime-Cognito-Identity", offsetof(struct shared_context, cognito_identity)},
    {"Lambda-Runtime-Aws-Tenant-Id", offsetof(struct shared_context, tenant_id)},
    {"Lambda-Runtime-Invocation-Id", offsetof(struct shared_context, invocation_id)},
};

/* Values stay where they were received; the CR behind each becomes its NUL. */
static void read_field(struct shared_context *context, struct shared_slice name, struct shared_slice value)
{
    unsigned long long deadline;
    if (shared_slice_equal_ignore_case(name, shared_slice_from_text("Lambda-Runtime-Deadline-Ms")) &&
        shared_slice_to_number(value, INT64_MAX, &deadline))
        context->deadline_ms = (int64_t)deadline;
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        if (shared_slice_equal_ignore_case(name, shared_slice_from_text(fields[i].name)) &&
            value.size_bytes) {
            char *text = (char *)value.data;
            text[value.size_bytes] = '\0';
            memcpy((char *)context + fields[i].offset, &text, sizeof(text));
        }
    }
}

static void publish_trace(const char *trace_id)
{
    const size_t name_size = sizeof("_X_AMZN_TRACE_ID=") - 1;
    size_t size = trace_id ? strlen(trace_id) : sizeof(trace_variable);
    if (size >= sizeof(trace_variable) - name_size) {
        unsetenv("_X_AMZN_TRACE_ID");
        return;
    }
    memcpy(trace_variable + name_size, trace_id, size + 1);
    putenv(trace_variable);
}

/* Whether the response is an invocation; if not, says so in err. */
static int read_invocation(const struct shared_http_response *response, struct shared_context *context,
                           struct shared_error *err)
{
    if (response->status == 500)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "Lambda cannot go on: /next was answered with status 500");
    if (response->status != 200)
        return shared_fail(err, SHARED_EPROTO, 0, "/next was answered with status %d", response->status);
    struct shared_slice lines = response->lines, name, value;
    while (shared_http_header_next(&lines, &name, &value))
        read_field(context, name, value);
    if (!context->request_id)
        return shared_fail(err, SHARED_EPROTO, 0, "/next was answered without a request id");
    publish_trace(context->trace_id);
    return 0;
}

/* A repeated /next while nothing was answered yet gives the same event again: to retry is always safe. */
int shared_runtime_next(struct shared_runtime_loop *loop, struct shared_context *context,
                        struct shared_slice *event)
{
    struct shared_error err;
    struct shared_http_response response;
    long delay_ms = 0;
    const struct iovec parts[] = {
        SHARED_RUNTIME_TEXT("GET "),
        {(char *)loop->path.data, loop->path.size_bytes},
        SHARED_RUNTIME_TEXT(SHARED_RUNTIME_API_PATH
                            "/invocation/next HTTP/1.1\r\nUser-Agent: libshared\r\nHost: "),
        {(char *)loop->host.data, loop->host.size_bytes},
        SHARED_RUNTIME_TEXT("\r\n\r\n"),
    };
    for (;;) {
        shared_arena_reset(&loop->arena);
        *context = (struct shared_context){
            .deadline_ms = INT64_MAX, .arena = &loop->arena, .user = loop->options->user};
        int status = shared_http_exchange(&loop->connection, parts, sizeof(parts) / sizeof(*parts),
                                          &loop->arena, &response, &err);
        if (status == 0)
            status = read_invocation(&response, context, &err);
        if (status == 0) {
            *event = response.body;
            return 0;
        }
        shared_runtime_report(loop, &err);
        if (err.code == SHARED_EUNSUPPORTED)
            return err.code;
        shared_runtime_pause(&delay_ms);
    }
}
