/* trace_middleware.h - the trace of an invocation, for shared/chain.h: context->trace. */
#ifndef SHARED_TRACE_MIDDLEWARE_H
#define SHARED_TRACE_MIDDLEWARE_H

#include <shared/chain.h>
#include <shared/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Puts a subsegment "## handler" around each invocation, with the annotation ColdStart, and the error of one
 * that fails. Subsegments of the handler's have it as their parent. */
struct shared_trace_middleware {
    struct shared_middleware middleware;
    int socket; /* private: 0 until the first use, then the descriptor + 2 */
};

#define SHARED_TRACE_MIDDLEWARE .middleware = {.around = shared_trace_around}

shared_middleware_around shared_trace_around;

#ifdef __cplusplus
}
#endif

#endif
