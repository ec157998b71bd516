/* uses_resolve.c - echo behind a host that has a name. */
#include <shared/resolve.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context, (void)err;
    answer->body = event;
    return 0;
}

int main(void)
{
    struct shared_runtime_options options = {.resolve = shared_runtime_resolve};
    return shared_runtime_run(echo, &options);
}
