/* trace_middleware.h - the trace of an invocation, for shared/chain.h: context->trace. */
#ifndef SHARED_TRACE_MIDDLEWARE_H
#define SHARED_TRACE_MIDDLEWARE_H

#include <shared/chain.h>
#include <shared/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/* So much of an answer is noted. */
#define SHARED_TRACE_RESPONSE_LIMIT_BYTES (16 * 1024)

/*
 * Puts a subsegment "## handler" around each invocation, with the annotations ColdStart and Service, and the
 * error of one that fails. Subsegments of the handler's that are opened without a parent have it as their
 * parent. A fault that has to travel as an error (SHARED_EFAULT) is an answer, no failure.
 */
struct shared_trace_middleware {
    struct shared_middleware middleware;
    const char *service; /* annotation "Service"; NULL: that of POWERTOOLS_SERVICE_NAME, else none */
    bool
        capture_response; /* the beginning of the answer's body is noted as "response". It may hold secrets */
    int socket;           /* private: 0 until the first use, then the descriptor + 2 */
};

#define SHARED_TRACE_MIDDLEWARE .middleware = {.around = shared_trace_around}

shared_middleware_around shared_trace_around;

#ifdef __cplusplus
}
#endif

#endif
