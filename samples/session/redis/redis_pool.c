#include "redis_pool.h"

#include "redis_link.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_AFTER_MS 1000
#define IDLE_MS (300 * 1000)
#define WARM_UP_MS 2000

/* At least that often a connection is made anew, and its host's name looked up: Redis may have moved. */
#define TTL_MS (3600 * 1000)

static int connect_to(void *user, const char *key, const void *borrower, void **object,
                      struct shared_error *err)
{
    struct redis_pool *pool = user;
    const int64_t *limit_ms = borrower;
    (void)key;
    redisContext *link;
    pool->connects++;
    int code = redis_link_open(&pool->url, *limit_ms, &link, err);
    *object = code < 0 ? NULL : link;
    return code;
}

static bool is_alive(void *user, void *object, const void *borrower)
{
    static const char *const ping[] = {"PING"};
    const int64_t *limit_ms = borrower;
    (void)user;
    redisReply *reply = NULL;
    bool alive = redis_link_ask(object, ping, 1, *limit_ms, &reply, NULL) == 0 &&
                 reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "PONG") == 0;
    freeReplyObject(reply);
    return alive;
}

static void hang_up(void *user, void *object)
{
    (void)user;
    redisFree(object);
}

/* One invocation at a time, so one connection. */
static int make_pool(void *user, void **value, struct shared_error *err)
{
    struct redis_pool *pool = user;
    struct shared_cache_options options = {
        .capacity = 1,
        .ttl_ms = TTL_MS,
        .idle_ms = IDLE_MS,
        .check_after_ms = CHECK_AFTER_MS,
        .make = connect_to,
        .check = is_alive,
        .destroy = hang_up,
        .user = pool,
    };
    int code = redis_url_read(&pool->url, getenv("REDIS_URL"), err);
    if (code == 0)
        code = shared_cache_init(&pool->cache, &options, err);
    *value = pool;
    return code;
}

static int warm_connection(void *user, void **value, struct shared_error *err)
{
    struct shared_cache_loan loan;
    void *pool;
    (void)user;
    *value = NULL;
    int code = shared_lazy_get(&redis_pool, &pool, NULL, err);
    if (code < 0)
        return code;
    int64_t until_ms = redis_link_now_ms() + WARM_UP_MS;
    code = redis_pool_borrow(pool, until_ms, &loan, err);
    if (code == 0)
        shared_cache_return(&((struct redis_pool *)pool)->cache, &loan,
                            is_alive(NULL, loan.object, &until_ms));
    return code;
}

static struct redis_pool the_pool;

struct shared_lazy redis_pool = SHARED_LAZY("redis", make_pool, &the_pool);
struct shared_lazy redis_warm_connection = SHARED_LAZY("redis connection", warm_connection, NULL);

int redis_pool_borrow(struct redis_pool *pool, int64_t until_ms, struct shared_cache_loan *loan,
                      struct shared_error *err)
{
    return shared_cache_borrow(&pool->cache, "redis", &until_ms, loan, err);
}
