#include <shared/chain.h>

#include "base/clock.h"

#include <time.h>

static int64_t used_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

/* Stands in the options even where the function has no init: init ends before the wait for the first event. */
static int init(void *user, struct shared_error *err)
{
    struct shared_chain *chain = user;
    int status = chain->init ? chain->init(chain->user, err) : 0;
    chain->init_us = chain->before_us + shared_clock_monotonic_us() - chain->began_us;
    return status;
}

static int call_handler(struct shared_middleware *self, const struct shared_context *context,
                        struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    const struct shared_chain *chain =
        (const void *)((const char *)self - offsetof(struct shared_chain, handler_part));
    return chain->handler(context, event, answer, err);
}

const struct shared_runtime_options *shared_chain_init(struct shared_chain *chain, shared_handler *handler,
                                                       const struct shared_runtime_options *options,
                                                       struct shared_middleware *const *middleware,
                                                       size_t count)
{
    *chain = (struct shared_chain){
        .handler_part = {.around = call_handler},
        .outermost = &chain->handler_part,
        .handler = handler,
        .before_us = used_us(),
        .began_us = shared_clock_monotonic_us(),
    };
    if (options) {
        chain->options = *options;
        chain->init = options->init;
        chain->user = options->user;
    }
    chain->options.init = init;
    chain->options.user = chain;
    while (count-- > 0) {
        if (!middleware[count])
            continue;
        middleware[count]->inner = chain->outermost;
        chain->outermost = middleware[count];
    }
    return &chain->options;
}
