/* uses_crash.c - echo, which says why where it dies. */
#include <shared/chain.h>
#include <shared/crash.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context, (void)err;
    shared_assert(event.data || event.size_bytes == 0);
    answer->body = event;
    return 0;
}

int main(void)
{
    static struct shared_crash_middleware crash = {SHARED_CRASH_MIDDLEWARE};
    static struct shared_chain chain;
    if (shared_crash_install(NULL) < 0)
        return 1;
    return shared_runtime_run(shared_chain_serve,
                              shared_chain_init(&chain, echo, NULL, SHARED_CHAIN(&crash.middleware)));
}
