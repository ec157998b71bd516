/* runtime_loop.h - what the parts of the loop share: endpoint, connection, options. */
#ifndef SHARED_RUNTIME_LOOP_H
#define SHARED_RUNTIME_LOOP_H

#include "http/http_connection.h"

#include <shared/runtime.h>

#define SHARED_RUNTIME_API_PATH "/2018-06-01/runtime"

struct shared_runtime_loop {
    const struct shared_runtime_options *options;
    struct shared_http_connection connection;
    struct shared_arena arena;
    const char *api;        /* "127.0.0.1:9001" and the path, if any, that some emulators serve below */
    size_t host_size_bytes; /* of host and port */
};

/* A request below SHARED_RUNTIME_API_PATH. */
struct shared_runtime_request {
    const char *method;
    const char *target[3];     /* "/invocation/", id, "/response"; joined */
    const char *content_type;  /* NULL: application/json */
    const char *invocation_id; /* this and the next two: NULL is not sent */
    const char *error_type;
    const char *xray_cause;
    struct shared_slice body;
    char own_type[32]; /* where an error_type made from a code lies */
};

/* Reads AWS_LAMBDA_RUNTIME_API into loop. */
int shared_runtime_endpoint(struct shared_runtime_loop *loop, struct shared_error *err);

/* One exchange, as shared_http_exchange; a status of 500 is SHARED_EUNSUPPORTED: Lambda cannot go on. */
int shared_runtime_exchange(struct shared_runtime_loop *loop, const struct shared_runtime_request *request,
                            struct shared_http_response *response, struct shared_error *err);

/* Takes the next event; waits and retries without end. Returns 0, or a code where Lambda cannot go on. */
int shared_runtime_next(struct shared_runtime_loop *loop, struct shared_context *context,
                        struct shared_slice *event);

/* Posts, up to five times where the connection is lost. What goes wrong is reported. Returns a negative code
 * only where Lambda cannot go on. */
int shared_runtime_post(struct shared_runtime_loop *loop, const struct shared_runtime_request *request);

/* Makes a request that of a failure: its last target, type, cause and body, which lies in the arena. */
void shared_runtime_failure_write(struct shared_runtime_request *request, struct shared_arena *arena,
                                  const struct shared_failure *failure, const struct shared_error *err);

/* Reports a problem as the options say. */
void shared_runtime_report(const struct shared_runtime_loop *loop, const struct shared_error *problem);

/* Sleeps a little longer each time, from 10 ms to 1 s; *delay_ms is 0 at first. */
void shared_runtime_pause(int *delay_ms);

#endif
