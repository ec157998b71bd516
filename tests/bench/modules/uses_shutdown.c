/* uses_shutdown.c - echo, with a word at its end. */
#include <shared/runtime.h>
#include <shared/shutdown.h>

#include <unistd.h>

static const char farewell[] = "{\"message\":\"the environment ends\"}\n";

static void say_farewell(void *user)
{
    (void)user;
    ssize_t written = write(STDERR_FILENO, farewell, sizeof(farewell) - 1);
    (void)written;
}

static int watch(void *user, struct shared_error *err)
{
    return shared_shutdown_watch(say_farewell, user, NULL, err);
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
    struct shared_runtime_options options = {.init = watch};
    return shared_runtime_run(echo, &options);
}
