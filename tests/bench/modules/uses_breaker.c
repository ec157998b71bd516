/* uses_breaker.c - echo of what a peer was asked, while it is there. */
#include <shared/breaker.h>
#include <shared/runtime.h>

#include <unistd.h>

static struct shared_breaker breaker = SHARED_BREAKER("peer", 5, 10000);

/* A peer that is there when a file is. */
static int ask(const char *path)
{
    return access(path, R_OK);
}

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context;
    int64_t retry_after_ms;
    if (shared_breaker_enter(&breaker, &retry_after_ms, err) < 0)
        return shared_error_wrap(err, "try again in %d ms", (int)retry_after_ms);
    int status = ask("/tmp/ready");
    shared_breaker_leave(&breaker, status == 0);
    if (status < 0)
        return shared_fail(err, SHARED_EIO, 0, "the peer does not answer");
    answer->body = event;
    return 0;
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
