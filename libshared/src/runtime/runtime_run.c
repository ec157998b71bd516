#include "runtime/runtime_serve.h"

static int run(struct shared_runtime_loop *loop, shared_handler *handler)
{
    struct shared_error err = {0};
    if (shared_runtime_endpoint(loop, &err) < 0) {
        shared_runtime_report(loop, &err);
        return 2;
    }
    if (shared_runtime_init(loop, &err) < 0)
        return 1;

    struct shared_context context;
    struct shared_slice event;
    while (shared_runtime_next(loop, &context, &event) == 0) {
        if (shared_runtime_serve(loop, handler, &context, event) < 0)
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
