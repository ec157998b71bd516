#include "runtime/runtime_loop.h"

/* A handler, or an init, may return a code of its own making. */
static int with_code(int status, struct shared_error *err)
{
    if (status < 0 && err->code == SHARED_OK)
        err->code = (enum shared_error_code)status;
    return status;
}

static int serve(struct shared_runtime_loop *loop, shared_handler *handler,
                 const struct shared_context *context, struct shared_slice event)
{
    struct shared_answer answer = {0};
    struct shared_error err;
    err.code = SHARED_OK;
    err.text[0] = '\0';
    int status = with_code(handler(context, event, &answer, &err), &err);
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

static int init(struct shared_runtime_loop *loop, struct shared_error *err)
{
    static const struct shared_failure failure;
    struct shared_runtime_request request = {.method = "POST", .target = {"/init", "", ""}};
    if (!loop->options->init || with_code(loop->options->init(loop->options->user, err), err) >= 0)
        return 0;
    shared_runtime_report(loop, err);
    shared_runtime_failure_write(&request, &loop->arena, &failure, err);
    shared_runtime_post(loop, &request);
    return -1;
}

static int run(struct shared_runtime_loop *loop, shared_handler *handler)
{
    struct shared_error err = {0};
    if (shared_runtime_endpoint(loop, &err) < 0) {
        shared_runtime_report(loop, &err);
        return 2;
    }
    if (init(loop, &err) < 0)
        return 1;

    struct shared_context context;
    struct shared_slice event;
    while (shared_runtime_next(loop, &context, &event) == 0) {
        if (serve(loop, handler, &context, event) < 0)
            break;
    }
    return 1;
}

int shared_runtime_run(shared_handler *handler, const struct shared_runtime_options *options)
{
    static const struct shared_runtime_options defaults;
    struct shared_runtime_loop loop = {.options = options ? options : &defaults, .connection.fd = -1};
    int status = run(&loop, handler);
    shared_http_close(&loop.connection);
    shared_arena_clean_up(&loop.arena);
    return status;
}
