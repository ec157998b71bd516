/*
 * redis_pool.h - the connection that is kept from one invocation to the next.
 *
 * An environment is frozen between invocations, and Redis, or whatever stands between, may hang up meanwhile.
 * So a connection that was idle for a second is asked whether it lives (PING) before it is lent, and one that
 * was idle for longer than NAT gateways and load balancers keep it (350 s: VPC user guide, 2025) is not asked
 * at all.
 */
#ifndef SESSION_REDIS_POOL_H
#define SESSION_REDIS_POOL_H

#include "redis_url.h"

#include <shared/cache.h>
#include <shared/lazy.h>

#include <stdint.h>

struct redis_pool {
    struct redis_url url;
    struct shared_cache cache;
    unsigned connects; /* how often it was tried to connect */
};

/* The pool, of struct redis_pool: reads REDIS_URL. Connects to nothing yet. */
extern struct shared_lazy redis_pool;

/* Its first connection, for a warm-up: the next invocation finds it made. */
extern struct shared_lazy redis_warm_connection;

/* Lends the connection, a redisContext; shared_cache_return gives it back. Checking and connecting take until
 * until_ms of redis_link_now_ms at most. Fails as redis_link_open does. */
int redis_pool_borrow(struct redis_pool *pool, int64_t until_ms, struct shared_cache_loan *loan,
                      struct shared_error *err);

#endif
