/* runtime_loop.h - what the parts of the loop share: endpoint, connection, options. */
#ifndef SHARED_RUNTIME_LOOP_H
#define SHARED_RUNTIME_LOOP_H

#include "http/http_connection.h"

#include <shared/runtime.h>

#define SHARED_RUNTIME_API_PATH "/2018-06-01/runtime"

/* A part of a request that is a literal. */
#define SHARED_RUNTIME_TEXT(text)        \
    {                                    \
        (char *)(text), sizeof(text) - 1 \
    }

struct shared_runtime_loop {
    const struct shared_runtime_options *options;
    struct shared_http_connection connection;
    struct shared_arena arena;
    struct shared_slice host; /* "127.0.0.1:9001"; borrowed from the environment, as the path */
    struct shared_slice path; /* what follows the port, "" on Lambda: some emulators serve below a path */
};

/* Reads AWS_LAMBDA_RUNTIME_API into loop: address, host and path. */
int shared_runtime_endpoint(struct shared_runtime_loop *loop, struct shared_error *err);

/* Takes the next event; waits and retries without end. Returns 0, or a negative code where Lambda cannot go
 * on. */
int shared_runtime_next(struct shared_runtime_loop *loop, struct shared_context *context,
                        struct shared_slice *event);

/* What is posted below SHARED_RUNTIME_API_PATH. */
struct shared_runtime_post {
    const char *target[3];          /* "/invocation/", id, "/response"; joined */
    const char *content_type;       /* NULL: application/json */
    const char *invocation_id;      /* NULL: not sent */
    const char *error_type;         /* NULL: not sent */
    struct shared_slice xray_cause; /* empty: not sent */
    struct shared_slice body;
};

/* Posts, up to five times where the connection is lost. What goes wrong is reported. Returns a negative code
 * only where Lambda cannot go on. */
int shared_runtime_send(struct shared_runtime_loop *loop, const struct shared_runtime_post *post);

/* Posts the failure of an invocation, or of the init where context is NULL. Returns as shared_runtime_send
 * does. */
int shared_runtime_send_failure(struct shared_runtime_loop *loop, const struct shared_context *context,
                                const struct shared_failure *failure, const struct shared_error *err);

/* Reports a problem as the options say. */
void shared_runtime_report(const struct shared_runtime_loop *loop, const struct shared_error *problem);

/* Sleeps a little longer each time, from 10 ms to 1 s; *delay_ms is 0 at first. */
void shared_runtime_pause(long *delay_ms);

#endif
