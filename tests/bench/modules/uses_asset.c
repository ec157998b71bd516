/* uses_asset.c - an echo that is always the same: a file of the package. */
#include <shared/asset.h>
#include <shared/runtime.h>

static struct shared_asset titles;

static int open_titles(void *user, struct shared_error *err)
{
    (void)user;
    return shared_asset_open(&titles, "share/titles.json", err);
}

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context, (void)event, (void)err;
    answer->body = titles.content;
    return 0;
}

int main(void)
{
    struct shared_runtime_options options = {.init = open_titles};
    int status = shared_runtime_run(echo, &options);
    shared_asset_close(&titles);
    return status;
}
