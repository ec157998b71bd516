/* uses_workers.c - several echoes at once. */
#include <shared/runtime.h>
#include <shared/workers.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context, (void)err;
    answer->body = event;
    return 0;
}

int main(void)
{
    return shared_workers_run(echo, NULL);
}
