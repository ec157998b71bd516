#include "runtime/runtime_loop.h"

#include "json/json_write.h"

#include <stdio.h>

/* Each byte of a message may become six in JSON, and the whole has to pass as an answer. */
#define MESSAGE_LIMIT_BYTES (768u << 10)

static void write_text(struct shared_buffer *body, const char *before, struct shared_slice text)
{
    shared_buffer_append_text(body, before);
    shared_json_write_string(body, text);
}

void shared_runtime_failure_write(struct shared_runtime_request *request, struct shared_arena *arena,
                                  const struct shared_failure *failure, const struct shared_error *err)
{
    struct shared_buffer body = {.arena = arena};
    struct shared_slice message = failure->message;
    if (!message.data)
        message = shared_slice_from_text(err->text);
    if (message.size_bytes > MESSAGE_LIMIT_BYTES)
        message.size_bytes = MESSAGE_LIMIT_BYTES;
    snprintf(request->own_type, sizeof(request->own_type), "Function.%s", shared_error_name(err->code));

    request->target[2] = "/error";
    request->content_type = NULL;
    request->error_type = failure->type ? failure->type : request->own_type;
    request->xray_cause = failure->xray_cause;

    write_text(&body, "{\"errorMessage\":", message);
    write_text(&body, ",\"errorType\":", shared_slice_from_text(request->error_type));
    shared_buffer_append_text(&body, ",\"stackTrace\":[");
    size_t without_stack = body.size_bytes;
    for (size_t i = 0; i < failure->stack_count; i++)
        write_text(&body, i ? "," : "", shared_slice_from_text(failure->stack[i]));
    if (body.size_bytes > SHARED_ANSWER_LIMIT_BYTES - 2)
        body.size_bytes = without_stack;
    shared_buffer_append_text(&body, "]}");
    request->body = body.failed ? shared_slice_of("{}", 2) : shared_slice_of(body.data, body.size_bytes);
}
