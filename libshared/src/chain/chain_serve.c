#include <shared/chain.h>

int shared_chain_serve(const struct shared_context *context, struct shared_slice event,
                       struct shared_answer *answer, struct shared_error *err)
{
    struct shared_chain *chain = context->user;
    struct shared_context own = *context;
    own.user = chain->user;
    own.init_us = chain->init_us;
    own.cold_start = !__atomic_exchange_n(&chain->warm, true, __ATOMIC_RELAXED);
    return chain->outermost->around(chain->outermost, &own, event, answer, err);
}
