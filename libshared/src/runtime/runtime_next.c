#include "runtime/runtime_invocation.h"

/* A repeated /next while nothing was answered yet gives the same event again: to retry is always safe. */
int shared_runtime_next(struct shared_runtime_loop *loop, struct shared_context *context,
                        struct shared_slice *event)
{
    const struct shared_runtime_request next = {.method = "GET", .target = {"/invocation/next", "", ""}};
    struct shared_http_response response;
    struct shared_error err;
    int delay_ms = 0;
    for (;;) {
        shared_arena_reset(&loop->arena);
        *context = (struct shared_context){
            .deadline_ms = INT64_MAX, .arena = &loop->arena, .user = loop->options->user, .loop = loop};
        int status = shared_runtime_exchange(loop, &next, &response, &err);
        if (status == 0)
            status = shared_runtime_read(&response, context, true, &err);
        if (status == 0) {
            *event = response.body;
            return 0;
        }
        shared_runtime_report(loop, &err);
        if (status == SHARED_EUNSUPPORTED)
            return status;
        shared_runtime_pause(&delay_ms);
    }
}
