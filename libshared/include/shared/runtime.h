/*
 * runtime.h - just a generic function: an event, a context and a place for its answer.
 *
 *     #include <shared/runtime.h>
 *
 *     static int greet(const struct shared_context *context, struct shared_slice event,
 *                      struct shared_answer *answer, struct shared_error *err)
 *     {
 *         answer->body = event;
 *         return 0;
 *     }
 *
 *     int main(void)
 *     {
 *         return shared_runtime_run(greet, NULL);
 *     }
 *
 * The loop speaks the Lambda Runtime API, version 2018-06-01 (AWS Lambda developer guide, "Using the Lambda
 * runtime API"; read off aws-lambda-runtime-interface-emulator, January 2026), on one kept-alive connection:
 * in the usual case four system calls an invocation. A bare loop links nothing but error and arena.
 */
#ifndef SHARED_RUNTIME_H
#define SHARED_RUNTIME_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The largest answer to a synchronous invocation, 6 MiB + 100 bytes; Lambda answers 413 beyond it. */
#define SHARED_ANSWER_LIMIT_BYTES 6291556

/* The largest X-Ray cause, 64 KiB (aws-lambda-runtime-interface-emulator, 2026-01). */
#define SHARED_XRAY_CAUSE_LIMIT_BYTES 65536

struct shared_log;
struct shared_metrics;
struct shared_runtime_loop;
struct shared_trace;

/* One invocation, read-only. Everything lives until the handler returns. Texts are NULL where Lambda sent
 * none or an empty one. */
struct shared_context {
    const char *request_id; /* never NULL */
    const char *function_arn;
    const char *trace_id;         /* X-Ray header; also in the environment as _X_AMZN_TRACE_ID */
    const char *client_context;   /* JSON */
    const char *cognito_identity; /* JSON */
    const char *tenant_id;
    const char *invocation_id;
    int64_t deadline_ms;        /* milliseconds since 1970, UTC; INT64_MAX where Lambda sent none */
    struct shared_arena *arena; /* the invocation's memory, the runtime's to reset */
    void *user;                 /* from the options */

    struct shared_runtime_loop *loop; /* the runtime's own, for shared/stream.h; NULL outside of it */

    /* What middleware gave this invocation, shared/chain.h. NULL, 0 or false where none did: the functions
     * that take them do nothing then. */
    const struct shared_log *log;
    struct shared_metrics *metrics;
    struct shared_trace *trace;
    int64_t init_us; /* microseconds from the start of the process to the end of init */
    bool cold_start; /* the first invocation of this environment */
};

/* Milliseconds left until the deadline by the real-time clock; 0 where it has passed. */
int64_t shared_context_remaining_ms(const struct shared_context *context);

/* What an invocation that failed reports. All texts are borrowed as an answer's are. */
struct shared_failure {
    const char *type; /* errorType, "Function.OutOfStock"; NULL: "Function." + shared_error_name(code). As a
                       * header it is sent up to 1 KiB, like a content type, and without control characters */
    struct shared_slice message; /* errorMessage, cut after 768 KiB; none: the text of the handler's error */
    const char *const *stack;    /* stackTrace, stack_count texts; left out where it is too long to be sent */
    size_t stack_count;
    const char *xray_cause; /* one line of JSON; not sent over SHARED_XRAY_CAUSE_LIMIT_BYTES */
};

/* Where a handler puts its answer; all zero when it is called. Everything is borrowed until the handler is
 * called again, for it is sent after the handler has returned: the event, the arena's, a constant. */
struct shared_answer {
    struct shared_slice body;
    const char *content_type;      /* NULL: application/json */
    struct shared_failure failure; /* read where the handler returns a negative code */
};

/*
 * A handler returns 0 and the answer's body is sent, or a negative code (shared_fail gives one) and the
 * failure is sent as the invocation's error; the process lives on either way. A positive code says that the
 * answer has been sent already (shared/stream.h). context, event and err are never NULL.
 */
typedef int shared_handler(const struct shared_context *context, struct shared_slice event,
                           struct shared_answer *answer, struct shared_error *err);

/* All zero is the default. */
struct shared_runtime_options {
    /* Called once before the first invocation. Where it returns a negative code, the error goes to
     * /init/error and shared_runtime_run returns 1. */
    int (*init)(void *user, struct shared_error *err);

    /* Passed to init and, in the context, to the handler. */
    void *user;

    /* Told of what goes wrong between the loop and Lambda (a lost connection, an answer that came too late).
     * NULL: a line on standard error. shared_log_report (shared/log_report.h) makes it a JSON line. */
    void (*report)(const struct shared_error *problem);

    /* Finds the IPv4 address of the host in AWS_LAMBDA_RUNTIME_API, in network byte order. NULL: only dotted
     * IPv4 addresses and "localhost" are understood, which is what Lambda and the emulators give; a resolver
     * would put getaddrinfo into every static function. shared_runtime_resolve (shared/resolve.h) asks the
     * system. */
    int (*resolve)(const char *host, uint32_t *address, struct shared_error *err);
};

/*
 * Serves invocations until Lambda says that the environment is beyond repair (status 500) or init fails; then
 * returns 1, the exit status for main. Returns 2 where AWS_LAMBDA_RUNTIME_API is missing or malformed.
 * options may be NULL. Call it once, from one thread: it sets _X_AMZN_TRACE_ID in the environment.
 *
 * What Lambda answers to a post: 400, 403, 410 and 413 are reported and the next event is taken; an answer
 * over SHARED_ANSWER_LIMIT_BYTES is not sent, its invocation fails with Function.ResponseSizeTooLarge. A lost
 * connection is made again with exponential back-off from 10 ms to 1 s, for /next without end, for an answer
 * up to five times.
 */
int shared_runtime_run(shared_handler *handler, const struct shared_runtime_options *options);

#ifdef __cplusplus
}
#endif

#endif
