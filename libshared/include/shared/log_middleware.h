/*
 * log_middleware.h - the log of an invocation, for shared/chain.h: context->log.
 *
 *     static struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE, .correlation_path =
 *                                                "requestContext.requestId", .debug_sample_rate = 0.01};
 */
#ifndef SHARED_LOG_MIDDLEWARE_H
#define SHARED_LOG_MIDDLEWARE_H

#include <shared/chain.h>
#include <shared/log.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Gives each invocation a log of its own. The first of an environment begins with an INFO line "cold start",
 * with init_ms. Where the invocation fails, the lines that were held back come out, then an ERROR line
 * "invocation failed" with the error.
 */
struct shared_log_middleware {
    struct shared_middleware middleware;
    const char
        *correlation_path;    /* of a text or number in the event, "headers.x-correlation-id" (the names of
                                   * headers in any case); its value is in each line as correlationId. NULL */
    double debug_sample_rate; /* 0 to 1: that share of invocations logs from DEBUG on; where 0, as
                                   * POWERTOOLS_LOGGER_SAMPLE_RATE says */
    size_t held_bytes;        /* lines below the level are held, the latest so many bytes of them, until the
                                   * invocation has failed; 0: none are */
    enum shared_log_level held_level; /* the lowest that is held; SHARED_LOG_TRACE is all */
};

#define SHARED_LOG_MIDDLEWARE .middleware = {.around = shared_log_around}

shared_middleware_around shared_log_around;

#ifdef __cplusplus
}
#endif

#endif
