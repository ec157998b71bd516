/* uses_throttle.c - echo, but not too often. */
#include <shared/runtime.h>
#include <shared/throttle.h>

static struct shared_throttle throttle = SHARED_THROTTLE;

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context;
    int64_t retry_after_ms;
    if (shared_throttle_enter(&throttle, 0, &retry_after_ms, err) < 0)
        return shared_error_wrap(err, "try again in %d ms", (int)retry_after_ms);
    answer->body = event;
    shared_throttle_leave(&throttle);
    return 0;
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
