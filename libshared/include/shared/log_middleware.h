/*
 * log_middleware.h - the log of an invocation, for shared/chain.h: context->log.
 *
 *     static struct shared_log_middleware log = {
 *         SHARED_LOG_MIDDLEWARE,
 *         SHARED_LOG_CORRELATION("headers.x-correlation-id"),
 *         SHARED_LOG_HELD(16 << 10),
 *         .debug_sample_rate = 0.01,
 *     };
 */
#ifndef SHARED_LOG_MIDDLEWARE_H
#define SHARED_LOG_MIDDLEWARE_H

#include <shared/chain.h>
#include <shared/log.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A correlation id that is longer is not taken: it would be in every line. */
#define SHARED_LOG_CORRELATION_LIMIT_BYTES 256

struct shared_log_ring;

/*
 * Gives each invocation a log of its own. Beside what every line has, its lines have, where there is one:
 *
 *     service          of the service
 *     correlationId    from the event
 *     xrayTraceId      "1-5759e988-bd862e3fe1be46a994272793"
 *     sampled          true, where the invocation was chosen to be logged from DEBUG on
 *
 * The level is that of POWERTOOLS_LOG_LEVEL, else of AWS_LAMBDA_LOG_LEVEL, else INFO. The first invocation of
 * an environment begins with an INFO line "cold start" with init_ms, memory_mb and functionVersion. Where the
 * invocation fails, the lines that were held back come out, then an ERROR line "invocation failed" with
 * errorType and error, and heldLinesLost where some had to go. A fault that has to travel as an error
 * (SHARED_EFAULT) is an answer, no failure.
 */
struct shared_log_middleware {
    struct shared_middleware middleware;
    const char *service; /* NULL: that of POWERTOOLS_SERVICE_NAME, else none */

    double debug_sample_rate; /* 0 to 1: that share of invocations logs from DEBUG on; where 0, as
                               * POWERTOOLS_LOGGER_SAMPLE_RATE says ("0.05") */

    /* Of SHARED_LOG_CORRELATION. */
    const char *correlate_path;
    size_t (*correlate)(const char *path, struct shared_slice event, char *id);

    /* Of SHARED_LOG_HELD. */
    size_t hold_bytes;
    void (*hold)(struct shared_log_ring *ring, struct shared_log *log, enum shared_log_level lowest,
                 char *bytes, size_t capacity_bytes);
    enum shared_log_level held_level; /* the lowest that is held; SHARED_LOG_TRACE is all */
    bool released_by_error;           /* a line from ERROR on brings them out, too */

    bool log_event; /* begins with an INFO line "event" that has it as text. It may hold secrets */
};

/* The initialiser of the first member. */
#define SHARED_LOG_MIDDLEWARE .middleware = {.around = shared_log_around}

/*
 * Lines have a correlationId: the text or number at a path in the event, the names of headers in any case.
 * "requestContext.requestId" (API Gateway), "headers.x-amzn-trace-id" (load balancer), "id" (EventBridge),
 * "request.headers.x-amzn-trace-id" (AppSync), "Records.0.messageId" (SQS).
 */
#define SHARED_LOG_CORRELATION(path) .correlate_path = (path), .correlate = shared_log_correlate

/* Lines below the level are held, the latest so many bytes of them, until the invocation has failed or
 * shared_log_release is called. They take memory of the invocation's arena. */
#define SHARED_LOG_HELD(bytes) .hold_bytes = (bytes), .hold = shared_log_ring_init

shared_middleware_around shared_log_around;

/* What the two macros name, so that it is linked where they are used alone. Returns the bytes of the id,
 * which has room for SHARED_LOG_CORRELATION_LIMIT_BYTES; 0 where there is none. */
size_t shared_log_correlate(const char *path, struct shared_slice event, char *id);
void shared_log_ring_init(struct shared_log_ring *ring, struct shared_log *log, enum shared_log_level lowest,
                          char *bytes, size_t capacity_bytes);

#ifdef __cplusplus
}
#endif

#endif
