/* uses_retry.c - echo of what a peer was asked, as often as it takes. */
#include <shared/retry.h>
#include <shared/runtime.h>

#include <unistd.h>

/* A peer that is there when a file is. */
static int ask(const char *path)
{
    return access(path, R_OK);
}

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    struct shared_retry retry;
    int status;
    shared_retry_init(&retry, NULL, context->deadline_ms);
    do
        status = ask("/tmp/ready");
    while (status < 0 && shared_retry_wait(&retry, shared_retry_after_ms(context->client_context)));
    if (status < 0)
        return shared_fail(err, SHARED_EIO, 0, "the peer did not answer %d times", retry.attempt);
    answer->body = event;
    return 0;
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
