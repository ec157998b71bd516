/*
 * redis_link.h - one connection to Redis, by hiredis, that never waits longer than it is told.
 *
 * A time-out of hiredis is one of each system call, of which an answer that comes byte by byte takes many.
 * Here the connection does not block, and poll waits until one moment for all of it.
 */
#ifndef SESSION_REDIS_LINK_H
#define SESSION_REDIS_LINK_H

#include "redis_url.h"

#include <shared/error.h>

#include <hiredis/hiredis.h>
#include <stddef.h>
#include <stdint.h>

/* The monotonic clock. Limits are given in its milliseconds. */
int64_t redis_link_now_ms(void);
int64_t redis_link_now_us(void);

/*
 * Connects and, where the address says so, authenticates and selects a database, all in one round trip.
 * Returns 0; SHARED_EINVAL where Redis refuses for good (WRONGPASS); else SHARED_EIO, SHARED_EPROTO,
 * SHARED_ETIMEDOUT or SHARED_ENOMEM.
 */
int redis_link_open(const struct redis_url *url, int64_t until_ms, redisContext **link,
                    struct shared_error *err);

/* Sends a command and waits for its reply, which is freeReplyObject's to free and may be an error of Redis'.
 * On failure, SHARED_EIO, SHARED_EPROTO, SHARED_ETIMEDOUT or SHARED_ENOMEM, the connection is good for
 * nothing but redisFree. */
int redis_link_ask(redisContext *link, const char *const *words, size_t count, int64_t until_ms,
                   redisReply **reply, struct shared_error *err);

#endif
