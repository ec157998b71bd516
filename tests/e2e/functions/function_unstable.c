/* Does what its path says with a peer that fails as often as the query says: /kept, /again, /throttled. */
#include <shared/apigw.h>
#include <shared/breaker.h>
#include <shared/cache.h>
#include <shared/fault_busy.h>
#include <shared/log_report.h>
#include <shared/retry.h>
#include <shared/throttle.h>

#include <stdlib.h>
#include <string.h>

static struct shared_cache cache;
static struct shared_breaker breaker = SHARED_BREAKER("peer", 2, 60000);
static struct shared_throttle throttle = SHARED_THROTTLE_OF(0.01, 2, 1);

static int make(void *user, const char *key, const void *borrower, void **object, struct shared_error *err)
{
    (void)borrower;
    static int count;
    (void)user;
    int *number = malloc(sizeof *number);
    if (!number)
        return shared_fail(err, SHARED_ENOMEM, 0, "make %s", key);
    *number = ++count;
    *object = number;
    return 0;
}

static void destroy(void *user, void *object)
{
    (void)user;
    free(object);
}

static int init(void *user, struct shared_error *err)
{
    const struct shared_cache_options options = {
        .capacity = 2, .idle_ms = 1500, .make = make, .destroy = destroy};
    (void)user;
    return shared_cache_init(&cache, &options, err);
}

static int respond(const struct shared_apigw_request *request, const char *form, int number,
                   struct shared_answer *answer, struct shared_error *err)
{
    char *body = shared_arena_format(request->arena, "%s %d", form, number);
    struct shared_apigw_response response = {.content_type = "text/plain",
                                             .body = shared_slice_from_text(body)};
    return shared_apigw_respond(request, &response, answer, err);
}

static int serve_kept(const struct shared_apigw_request *request, struct shared_answer *answer,
                      struct shared_error *err)
{
    struct shared_cache_loan loan;
    if (shared_cache_borrow(&cache, "peer", NULL, &loan, err) < 0)
        return shared_error_wrap(err, "borrow");
    int number = *(int *)loan.object;
    const char *how = shared_apigw_query(request, "bad");
    shared_cache_return(&cache, &loan, !how);
    return respond(request, "object", number, answer, err);
}

static int serve_again(const struct shared_apigw_request *request, const struct shared_context *context,
                       struct shared_answer *answer, struct shared_error *err)
{
    const char *fails = shared_apigw_query(request, "fails"), *after = shared_apigw_header(request, "after");
    int failures = fails ? atoi(fails) : 0;
    int64_t retry_after_ms = 1000;
    if (shared_breaker_enter(&breaker, &retry_after_ms, NULL) < 0)
        return shared_fault_busy(request, 503, retry_after_ms, "broken", answer, err);
    struct shared_retry retry;
    shared_retry_init(&retry, NULL, context->deadline_ms);
    while (retry.attempt <= failures && shared_retry_wait(&retry, shared_retry_after_ms(after)))
        ;
    bool success = retry.attempt > failures;
    shared_breaker_leave(&breaker, success);
    if (!success)
        return shared_fault_busy(request, 503, retry_after_ms, "gave up", answer, err);
    return respond(request, "attempts", retry.attempt, answer, err);
}

static int serve_throttled(const struct shared_apigw_request *request, struct shared_answer *answer,
                           struct shared_error *err)
{
    int64_t retry_after_ms;
    if (shared_throttle_enter(&throttle, 0, &retry_after_ms, err) < 0)
        return shared_fault_busy(request, 429, retry_after_ms, "too many requests", answer, err);
    int code = respond(request, "inside", throttle.inside, answer, err);
    shared_throttle_leave(&throttle);
    return code;
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read");
    if (strcmp(request.path, "/kept") == 0)
        return serve_kept(&request, answer, err);
    if (strcmp(request.path, "/again") == 0)
        return serve_again(&request, context, answer, err);
    return serve_throttled(&request, answer, err);
}

int main(void)
{
    const struct shared_runtime_options options = {.init = init, .report = shared_log_report};
    int status = shared_runtime_run(serve, &options);
    shared_cache_clean_up(&cache);
    return status;
}
