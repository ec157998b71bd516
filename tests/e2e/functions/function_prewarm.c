/* Answers with what its environment has been through: whether it was cold, how long init took, and how often
 * its lazy values were made. One of them is made at the second attempt only,
 * unless REDIS_UP is set. */
#include <shared/lazy.h>
#include <shared/log_middleware.h>
#include <shared/metrics_middleware.h>
#include <shared/prewarm.h>
#include <shared/workers.h>

#include <stdlib.h>
#include <unistd.h>

static int titles_made, redis_tried;

static int load_titles(void *user, void **value, struct shared_error *err)
{
    (void)err;
    __atomic_fetch_add((int *)user, 1, __ATOMIC_RELAXED);
    *value = user;
    return 0;
}

static int connect_redis(void *user, void **value, struct shared_error *err)
{
    *value = user;
    if (__atomic_fetch_add((int *)user, 1, __ATOMIC_RELAXED) == 0 && !getenv("REDIS_UP"))
        return shared_fail(err, SHARED_EIO, 0, "connection refused");
    return 0;
}

static struct shared_lazy titles = SHARED_LAZY("titles", load_titles, &titles_made);
static struct shared_lazy redis = SHARED_LAZY("redis", connect_redis, &redis_tried);

static int tell(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    void *value;
    if (shared_lazy_use(&titles, context, &value, err) < 0 ||
        shared_lazy_use(&redis, context, &value, err) < 0)
        return shared_error_wrap(err, "values");
    char *text = shared_arena_format(
        context->arena, "cold=%d init_us=%lld titles=%d redis=%d user=%s bytes=%zu", context->cold_start,
        (long long)context->init_us, titles_made, redis_tried, (const char *)context->user, event.size_bytes);
    answer->body = shared_slice_from_text(text);
    return 0;
}

static int init(void *user, struct shared_error *err)
{
    (void)user;
    return getenv("INIT_FAILS") ? shared_fail(err, SHARED_ENOTFOUND, 0, "no table") : 0;
}

static struct shared_chain chain;
static struct shared_log_middleware logging = {SHARED_LOG_MIDDLEWARE};
static struct shared_metrics_middleware metrics = {SHARED_METRICS_MIDDLEWARE, .name_space = "prewarm"};
static struct shared_prewarm prewarm = {SHARED_PREWARM, .rule = "video-api-warm", .hold_ms = 20,
                                        SHARED_PREWARM_LAZY(&redis, &titles)};

int main(void)
{
    static char user[] = "mine";
    const struct shared_runtime_options options = {.init = getenv("NO_INIT") ? NULL : init, .user = user};
    const struct shared_runtime_options *chained = shared_chain_init(
        &chain, tell, &options, SHARED_CHAIN(&logging.middleware, &metrics.middleware, &prewarm.middleware));
    dup2(2, 1); /* metrics go where the tests look */
    return shared_workers_run(shared_chain_serve, chained);
}
