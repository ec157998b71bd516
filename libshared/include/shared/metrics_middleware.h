/* metrics_middleware.h - the metrics of an invocation, for shared/chain.h: context->metrics. */
#ifndef SHARED_METRICS_MIDDLEWARE_H
#define SHARED_METRICS_MIDDLEWARE_H

#include <shared/chain.h>
#include <shared/metrics.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Gives each invocation a document, with the request id as a property and the dimensions below, and flushes it
 * at its end, whatever its outcome. The first of an environment is counted in a document of its own:
 * ColdStart, 1, and InitDuration in milliseconds, with the dimension FunctionName. Where context->log is set,
 * what could not be taken is a WARN line.
 */
struct shared_metrics_middleware {
    struct shared_middleware middleware;
    const char *name_space; /* as shared_metrics_init has it; may be NULL */
    const char *service;    /* dimension "service"; NULL: that of POWERTOOLS_SERVICE_NAME, else none */
};

#define SHARED_METRICS_MIDDLEWARE .middleware = {.around = shared_metrics_around}

shared_middleware_around shared_metrics_around;

#ifdef __cplusplus
}
#endif

#endif
