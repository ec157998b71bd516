/*
 * shutdown.h - something to do before the environment ends.
 *
 * An environment without extensions dies by SIGKILL. One that has registered an internal extension is sent
 * SIGTERM about 300 ms before ("AWS Lambda Extensions API", 2025; aws-samples/graceful-shutdown-with-aws-
 * lambda): that is what this does, an extension that asks for no events.
 */
#ifndef SHARED_SHUTDOWN_H
#define SHARED_SHUTDOWN_H

#include <shared/error.h>
#include <shared/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Registers the extension, and what to do on SIGTERM: callback is called once, on a thread of its own, then
 * the process ends with status 0, as by _exit: handlers may still run, and what it wrote by stdio it has to
 * flush. Call it before the loop, from options.init or main, before any other thread is started: it blocks
 * SIGTERM in the caller; threads inherit that, and so do programs that are started. options as for
 * shared_runtime_run (resolve is what is used; may be NULL). Outside Lambda, where AWS_LAMBDA_RUNTIME_API is
 * not set, only the signal is watched. Fails with SHARED_EIO, SHARED_EPROTO, SHARED_EINVAL (the variable is
 * malformed) or SHARED_ENOMEM where the extension cannot be registered: SIGTERM is then watched all the same,
 * unless it was the thread that could not be started. Once a process.
 */
int shared_shutdown_watch(void (*callback)(void *user), void *user,
                          const struct shared_runtime_options *options, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
