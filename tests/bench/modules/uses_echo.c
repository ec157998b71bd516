/* uses_echo.c - nothing but the loop: what the others are held against. */
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
    return shared_runtime_run(echo, NULL);
}
