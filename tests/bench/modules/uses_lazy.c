/* uses_lazy.c - echo behind a text that is made once. */
#include <shared/lazy.h>
#include <shared/runtime.h>

#include <stdlib.h>

static int make_greeting(void *user, void **value, struct shared_error *err)
{
    (void)user;
    *value = getenv("GREETING");
    return *value ? 0 : shared_fail(err, SHARED_ENOTFOUND, 0, "GREETING is not set");
}

static struct shared_lazy greeting = SHARED_LAZY("greeting", make_greeting, NULL);

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context;
    void *text;
    if (shared_lazy_get(&greeting, &text, NULL, err) < 0)
        return shared_error_wrap(err, "greeting");
    answer->content_type = text;
    answer->body = event;
    return 0;
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
