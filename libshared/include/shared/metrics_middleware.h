/*
 * metrics_middleware.h - the metrics of an invocation, for shared/chain.h: context->metrics.
 *
 *     static const char *const dimensions[] = {"stage", "live", NULL};
 *     static struct shared_metrics_middleware metrics = {
 *         SHARED_METRICS_MIDDLEWARE, .name_space = "video-api", .dimensions = dimensions};
 */
#ifndef SHARED_METRICS_MIDDLEWARE_H
#define SHARED_METRICS_MIDDLEWARE_H

#include <shared/chain.h>
#include <shared/metrics.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Gives each invocation a document, with the request id as the property "requestId" and the dimensions below,
 * and flushes it at its end, whatever its outcome. The first of an environment is counted in a document of
 * its own: ColdStart, 1, and InitDuration in milliseconds, with the dimensions FunctionName and service.
 * Where context->log is set, what could not be taken is a WARN line.
 *
 * A process that is killed (a timeout, memory that is exhausted) flushes nothing: what must not be lost is
 * flushed where it is added.
 */
struct shared_metrics_middleware {
    struct shared_middleware middleware;
    const char *name_space;        /* as shared_metrics_init has it; may be NULL */
    const char *service;           /* dimension "service"; NULL: that of POWERTOOLS_SERVICE_NAME, else none */
    const char *const *dimensions; /* of every document: name, value, name, value, …, NULL. May be NULL */
};

#define SHARED_METRICS_MIDDLEWARE .middleware = {.around = shared_metrics_around}

shared_middleware_around shared_metrics_around;

#ifdef __cplusplus
}
#endif

#endif
