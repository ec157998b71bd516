/* Reads a request, and does what its query says: one that shared_workers_run serves with others at once. */
#include <shared/apigw.h>
#include <shared/log_report.h>
#include <shared/workers.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static pthread_barrier_t meeting;
static atomic_long served;

/* What the system refuses, as the environment says. */
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument);
int __real_eventfd(unsigned count, int flags);
int __wrap_eventfd(unsigned count, int flags);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument)
{
    static int threads;
    const char *most = getenv("THREADS_AT_MOST");
    if (most && threads++ >= atoi(most))
        return EAGAIN;
    return __real_pthread_create(thread, attributes, start, argument);
}

int __wrap_eventfd(unsigned count, int flags)
{
    if (!getenv("NO_EVENTFD"))
        return __real_eventfd(count, flags);
    errno = EMFILE;
    return -1;
}

static int init(void *user, struct shared_error *err)
{
    const char *count = getenv("AWS_LAMBDA_MAX_CONCURRENCY");
    int workers = count ? atoi(count) : 1;
    if (getenv("INIT_FAILS"))
        return shared_fail(err, SHARED_ENOTFOUND, 0, "no table");
    *(int *)user = workers;
    pthread_barrier_init(&meeting, NULL, workers > 0 ? (unsigned)workers : 1);
    return 0;
}

static int answer_with(const struct shared_context *context, const struct shared_apigw_request *request,
                       struct shared_answer *answer, struct shared_error *err)
{
    const char *trace = getenv("_X_AMZN_TRACE_ID");
    char *body = shared_arena_format(context->arena, "%s %s %d %s", request->path, context->request_id,
                                     *(int *)context->user, trace ? trace : "no trace");
    struct shared_apigw_response response = {.content_type = "text/plain",
                                             .body = shared_slice_from_text(body)};
    atomic_fetch_add(&served, 1);
    return shared_apigw_respond(request, &response, answer, err);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read");
    const char *kind = shared_apigw_query(&request, "kind");
    if (kind && strcmp(kind, "fail") == 0)
        return shared_fail(err, SHARED_ENOTFOUND, 0, "nothing at %s", request.path);
    if (kind && strcmp(kind, "meet") == 0)
        pthread_barrier_wait(&meeting);
    if (kind && strcmp(kind, "slow") == 0)
        usleep(300000);
    return answer_with(context, &request, answer, err);
}

int main(void)
{
    static int workers;
    const struct shared_runtime_options options = {
        .init = init, .user = &workers, .report = shared_log_report};
    return shared_workers_run(serve, &options);
}
