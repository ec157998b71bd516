/* Has an init that fails, without a word where BARE_CODE is set; its handler is never to be called. */
#include <shared/runtime.h>

#include <stdlib.h>

static int fail_init(void *user, struct shared_error *err)
{
    if (getenv("BARE_CODE"))
        return SHARED_ETIMEDOUT;
    return shared_fail(err, SHARED_ENOTFOUND, 0, "table %s: \"missing\" \xFF", (const char *)user);
}

static int answer(const struct shared_context *context, struct shared_slice event,
                  struct shared_answer *place, struct shared_error *err)
{
    (void)context, (void)err;
    place->body = event;
    return 0;
}

int main(void)
{
    static char table[] = "titles";
    const struct shared_runtime_options options = {.init = fail_init, .user = table};
    return shared_runtime_run(answer, &options);
}
