/*
 * chain.h - what stands around a handler: middleware, each part of it a thing that a function adds.
 *
 *     static struct shared_log_middleware logging = {SHARED_LOG_MIDDLEWARE};
 *     static struct shared_metrics_middleware metrics = {SHARED_METRICS_MIDDLEWARE,
 *                                                        .name_space = "video-api"};
 *
 *     int main(void)
 *     {
 *         static struct shared_chain chain;
 *         return shared_runtime_run(shared_chain_serve,
 *                                   shared_chain_init(&chain, handler, NULL,
 *                                                     SHARED_CHAIN(&logging.middleware,
 *                                                                  &metrics.middleware)));
 *     }
 *
 * The first of the chain is the outermost: it sees the event first and the outcome last. A part is linked
 * only where a function names it; a bare shared_runtime_run links none, and no chain either. The chain also
 * marks the first invocation of an environment (context->cold_start) and takes the time of its init.
 *
 * It works with any loop: shared_workers_run (shared/workers.h) in the place of shared_runtime_run serves
 * several invocations at once. A chain and its parts live as long as the process.
 */
#ifndef SHARED_CHAIN_H
#define SHARED_CHAIN_H

#include <shared/runtime.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shared_middleware;

/*
 * Serves one invocation: calls shared_middleware_next, once or not at all, with the context given or a copy
 * of it with something more, and returns what the handler returns (or something else). What it needs for the
 * invocation lies on its stack. Several threads may be in it at once where shared_workers_run is the loop.
 */
typedef int shared_middleware_around(struct shared_middleware *self, const struct shared_context *context,
                                     struct shared_slice event, struct shared_answer *answer,
                                     struct shared_error *err);

/* The first member of each kind of middleware. */
struct shared_middleware {
    shared_middleware_around *around;
    struct shared_middleware *inner; /* the chain's to set */
};

/* Whatever stands further in: the next middleware, at last the handler. */
static inline int shared_middleware_next(const struct shared_middleware *self,
                                         const struct shared_context *context, struct shared_slice event,
                                         struct shared_answer *answer, struct shared_error *err)
{
    return self->inner->around(self->inner, context, event, answer, err);
}

/* To be treated as opaque. */
struct shared_chain {
    struct shared_runtime_options
        options; /* those given, with the chain's init and the chain as their user */
    struct shared_middleware handler_part; /* the innermost: calls the handler */
    struct shared_middleware *outermost;
    shared_handler *handler;
    int (*init)(void *user, struct shared_error *err);
    void *user;
    int64_t before_us; /* what the process had used of its CPU before shared_chain_init */
    int64_t began_us;  /* monotonic */
    int64_t init_us;
    bool warm; /* read and written atomically */
};

/*
 * Puts the middleware around the handler; each part stands in one chain, once. A part that is NULL is left
 * out; middleware may be NULL where count is 0. options may be NULL; its init and user are the handler's as
 * ever. Returns the options for shared_runtime_run or shared_workers_run, which are the chain's. Never fails.
 *
 * Call it first in main: the time of init (context->init_us) is what passes from here until options->init has
 * returned, and the CPU time that the process had used before: exec, the loader and constructors, which wait
 * for little else. The kernel tells when a process began only in hundredths of a second.
 */
const struct shared_runtime_options *shared_chain_init(struct shared_chain *chain, shared_handler *handler,
                                                       const struct shared_runtime_options *options,
                                                       struct shared_middleware *const *middleware,
                                                       size_t count);

/* The two last arguments of shared_chain_init. */
#define SHARED_CHAIN(...)                             \
    (struct shared_middleware *const[]){__VA_ARGS__}, \
        sizeof((struct shared_middleware *const[]){__VA_ARGS__}) / sizeof(struct shared_middleware *)

/*
 * The handler to give to the loop beside the options of shared_chain_init: passes a copy of the context, with
 * cold_start and init_us set and the handler's user, to the outermost part, and returns what comes of it. Any
 * thread.
 */
int shared_chain_serve(const struct shared_context *context, struct shared_slice event,
                       struct shared_answer *answer, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
