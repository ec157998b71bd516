/* uses_chain.c - echo within a middleware of its own, which refuses events that are empty. */
#include <shared/chain.h>
#include <shared/runtime.h>

static int refuse_empty(struct shared_middleware *self, const struct shared_context *context,
                        struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    if (event.size_bytes == 0)
        return shared_fail(err, SHARED_EINVAL, 0, "the event is empty: send a JSON value");
    return shared_middleware_next(self, context, event, answer, err);
}

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context, (void)err;
    answer->body = event;
    return 0;
}

int main(void)
{
    static struct shared_middleware refusal = {.around = refuse_empty};
    static struct shared_chain chain;
    return shared_runtime_run(shared_chain_serve,
                              shared_chain_init(&chain, echo, NULL, SHARED_CHAIN(&refusal)));
}
