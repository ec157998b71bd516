/*
 * workers.h - several invocations at once, on Lambda managed instances.
 *
 * There, AWS_LAMBDA_MAX_CONCURRENCY tells how many invocations one environment may be given at a time (AWS
 * Lambda developer guide, "Lambda Managed Instances", 2025).
 */
#ifndef SHARED_WORKERS_H
#define SHARED_WORKERS_H

#include <shared/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/* More than so many threads are not started, whatever the variable says. */
#define SHARED_WORKERS_LIMIT 1024

/*
 * As shared_runtime_run, by as many workers as AWS_LAMBDA_MAX_CONCURRENCY says (unset: one): the caller's
 * thread and further ones of 8 MiB of stack, each with a connection, an arena and a context. handler and
 * options->report are called from several threads at once, options->init once, before they start.
 * _X_AMZN_TRACE_ID is set only where there is one worker: context->trace_id is every worker's own. An
 * invocation that fails, and a connection that is lost, are their worker's alone. Where Lambda tells one
 * worker that it cannot go on, the others finish what they are at, and it returns 1. A variable that is no
 * number from 1 is reported and counts as 1; threads that cannot be started are reported, and the others
 * serve.
 */
int shared_workers_run(shared_handler *handler, const struct shared_runtime_options *options);

#ifdef __cplusplus
}
#endif

#endif
