#include "runtime/runtime_loop.h"

#define ATTEMPTS 5

/* 410, 413 and the like concern this invocation alone: they are told, and the next event is taken. */
int shared_runtime_post(struct shared_runtime_loop *loop, const struct shared_runtime_request *request)
{
    struct shared_http_response response;
    struct shared_error err;
    int delay_ms = 0;
    for (int attempt = 1;; attempt++) {
        int status = shared_runtime_exchange(loop, request, &response, &err);
        if (status == 0 && response.status / 100 == 2)
            return 0;
        if (status == 0)
            shared_fail(&err, SHARED_EPROTO, 0, "%s%s%s: status %d", request->target[0], request->target[1],
                        request->target[2], response.status);
        shared_runtime_report(loop, &err);
        if (status != SHARED_EIO || attempt == ATTEMPTS)
            return status == SHARED_EUNSUPPORTED ? status : 0;
        shared_runtime_pause(&delay_ms);
    }
}
