#include "crash/crash_inner.h"

int shared_crash_around(struct shared_middleware *self, const struct shared_context *context,
                        struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    const struct shared_crash_invocation own = {context->request_id, context->invocation_id};
    const struct shared_crash_invocation *outer = shared_crash_current, *latest = &own;
    shared_crash_stack(NULL); /* without one all but an overflow of this thread's is still told of */
    shared_crash_current = &own;
    atomic_store(&shared_crash_latest, &own);
    atomic_store(&shared_crash_served, true);
    atomic_fetch_add(&shared_crash_under_way, 1);

    int status = shared_middleware_next(self, context, event, answer, err);

    atomic_fetch_sub(&shared_crash_under_way, 1);
    atomic_compare_exchange_strong(&shared_crash_latest, &latest, NULL);
    shared_crash_current = outer;
    return status;
}
