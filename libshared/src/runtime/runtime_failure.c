#include "runtime/runtime_loop.h"

#include "json/json_write.h"

#include <string.h>

/* Each byte of a message may become six in JSON, and the whole has to pass as an answer. */
#define MESSAGE_LIMIT_BYTES (SHARED_ANSWER_LIMIT_BYTES / 8)

static void write_stack(struct shared_buffer *body, const struct shared_failure *failure)
{
    size_t room = SHARED_ANSWER_LIMIT_BYTES / 8;
    shared_json_write_key(body, "stackTrace");
    shared_buffer_append(body, "[", 1);
    for (size_t i = 0; i < failure->stack_count && strlen(failure->stack[i]) < room; i++) {
        room -= strlen(failure->stack[i]) + 1;
        if (i)
            shared_buffer_append(body, ",", 1);
        shared_json_write_string(body, shared_slice_from_text(failure->stack[i]));
    }
    shared_buffer_append(body, "]", 1);
}

/* Where memory is exhausted the type alone has to do. */
static struct shared_slice write_body(struct shared_arena *arena, const struct shared_failure *failure,
                                      const char *type, struct shared_slice message)
{
    struct shared_buffer body = {.arena = arena};
    if (message.size_bytes > MESSAGE_LIMIT_BYTES)
        message.size_bytes = MESSAGE_LIMIT_BYTES;
    shared_buffer_append(&body, "{", 1);
    shared_json_write_key(&body, "errorMessage");
    shared_json_write_string(&body, message);
    shared_json_write_member(&body, "errorType", type);
    write_stack(&body, failure);
    shared_buffer_append(&body, "}", 1);
    return body.failed ? shared_slice_from_text("{}") : shared_slice_of(body.data, body.size_bytes);
}

int shared_runtime_send_failure(struct shared_runtime_loop *loop, const struct shared_context *context,
                                const struct shared_failure *failure, const struct shared_error *err)
{
    char type[64] = "Function.";
    if (!failure->type)
        strcat(type, shared_error_name(err->code));
    const char *error_type = failure->type ? failure->type : type;
    struct shared_slice message =
        failure->message.data ? failure->message : shared_slice_from_text(err->text);

    struct shared_runtime_post post = {
        .target = {"/init/error", "", ""},
        .error_type = error_type,
        .body = write_body(&loop->arena, failure, error_type, message),
    };
    if (context) {
        post.target[0] = "/invocation/";
        post.target[1] = context->request_id;
        post.target[2] = "/error";
        post.invocation_id = context->invocation_id;
    }
    if (failure->xray_cause.size_bytes <= SHARED_XRAY_CAUSE_LIMIT_BYTES)
        post.xray_cause = failure->xray_cause;
    return shared_runtime_send(loop, &post);
}
