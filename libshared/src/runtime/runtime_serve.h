/* runtime_serve.h - one init and one invocation, for each kind of loop; inline, as a program has one kind. */
#ifndef SHARED_RUNTIME_SERVE_H
#define SHARED_RUNTIME_SERVE_H

#include "runtime/runtime_loop.h"

/* A handler, or an init, may return a code of its own making. */
static inline int shared_runtime_with_code(int status, struct shared_error *err)
{
    if (status < 0 && err->code == SHARED_OK)
        err->code = (enum shared_error_code)status;
    return status;
}

static inline int shared_runtime_serve(struct shared_runtime_loop *loop, shared_handler *handler,
                                       const struct shared_context *context, struct shared_slice event)
{
    struct shared_answer answer = {0};
    struct shared_error err;
    err.code = SHARED_OK;
    err.text[0] = '\0';
    int status = shared_runtime_with_code(handler(context, event, &answer, &err), &err);
    if (status > 0)
        return 0;

    /* The size and the limit are known here and lost in a 413, after which not even an error may be posted.
     */
    if (status >= 0 && answer.body.size_bytes > SHARED_ANSWER_LIMIT_BYTES) {
        answer.failure = (struct shared_failure){.type = "Function.ResponseSizeTooLarge"};
        status = shared_fail(&err, SHARED_ETOOBIG, 0, "the answer has %zu bytes; Lambda takes at most %d",
                             answer.body.size_bytes, SHARED_ANSWER_LIMIT_BYTES);
    }
    struct shared_runtime_request request = {
        .method = "POST",
        .target = {"/invocation/", context->request_id, "/response"},
        .content_type = answer.content_type,
        .invocation_id = context->invocation_id,
        .body = answer.body,
    };
    if (status < 0)
        shared_runtime_failure_write(&request, &loop->arena, &answer.failure, &err);
    return shared_runtime_post(loop, &request);
}

static inline int shared_runtime_init(struct shared_runtime_loop *loop, struct shared_error *err)
{
    static const struct shared_failure failure;
    struct shared_runtime_request request = {.method = "POST", .target = {"/init", "", ""}};
    if (!loop->options->init ||
        shared_runtime_with_code(loop->options->init(loop->options->user, err), err) >= 0)
        return 0;
    shared_runtime_report(loop, err);
    shared_runtime_failure_write(&request, &loop->arena, &failure, err);
    shared_runtime_post(loop, &request);
    return -1;
}

#endif
