/* uses_cache.c - echo through a buffer that is kept from one invocation to the next. */
#include <shared/cache.h>
#include <shared/runtime.h>

#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES (6 << 20)

static struct shared_cache buffers;

static int make_buffer(void *user, const char *key, const void *borrower, void **object,
                       struct shared_error *err)
{
    (void)borrower;
    (void)user;
    *object = malloc(BUFFER_BYTES);
    return *object ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "make the buffer %s", key);
}

static void destroy_buffer(void *user, void *object)
{
    (void)user;
    free(object);
}

static int open_cache(void *user, struct shared_error *err)
{
    (void)user;
    struct shared_cache_options options = {
        .capacity = 8, .idle_ms = 60000, .make = make_buffer, .destroy = destroy_buffer};
    return shared_cache_init(&buffers, &options, err);
}

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    (void)context;
    struct shared_cache_loan loan;
    if (shared_cache_borrow(&buffers, "echo", NULL, &loan, err) < 0)
        return shared_error_wrap(err, "borrow a buffer");
    size_t size = event.size_bytes < BUFFER_BYTES ? event.size_bytes : BUFFER_BYTES;
    memcpy(loan.object, event.data, size);
    answer->body = shared_slice_of(loan.object, size);
    shared_cache_return(&buffers, &loan, true);
    return 0;
}

int main(void)
{
    struct shared_runtime_options options = {.init = open_cache};
    return shared_runtime_run(echo, &options);
}
