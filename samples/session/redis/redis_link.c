#include "redis_link.h"

#include "redis_name.h"
#include "redis_verdict.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

int64_t redis_link_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t redis_link_now_ms(void)
{
    return redis_link_now_us() / 1000;
}

static int broken(const redisContext *link, struct shared_error *err)
{
    enum shared_error_code code = link->err == REDIS_ERR_PROTOCOL ? SHARED_EPROTO
                                  : link->err == REDIS_ERR_OOM    ? SHARED_ENOMEM
                                                                  : SHARED_EIO;
    return shared_fail(err, code, 0, "redis: %s", link->errstr);
}

/* Waits until the connection can be read, or written where there is something to be sent. */
static int wait_ready(redisContext *link, int sent, int64_t until_ms, struct shared_error *err)
{
    struct pollfd ready = {.fd = link->fd, .events = (short)(sent ? POLLIN : POLLIN | POLLOUT)};
    for (;;) {
        int64_t left_ms = until_ms - redis_link_now_ms();
        int count = left_ms > 0 ? poll(&ready, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX) : 0;
        if (count > 0)
            return 0;
        if (count == 0 && left_ms <= 0)
            return shared_fail(err, SHARED_ETIMEDOUT, 0, "redis: no answer in time");
        if (count < 0 && errno != EINTR)
            return shared_fail(err, SHARED_EIO, errno, "redis: wait for an answer");
    }
}

static int await_reply(redisContext *link, int64_t until_ms, redisReply **reply, struct shared_error *err)
{
    void *got = NULL;
    int sent = 0;
    for (;;) {
        if (redisBufferWrite(link, &sent) != REDIS_OK)
            return broken(link, err);
        if (sent && redisGetReplyFromReader(link, &got) != REDIS_OK)
            return broken(link, err);
        if (got)
            break;
        int code = wait_ready(link, sent, until_ms, err);
        if (code < 0)
            return code;
        if (sent && redisBufferRead(link) != REDIS_OK)
            return broken(link, err);
    }
    *reply = got;
    return 0;
}

static int append(redisContext *link, const char *const *words, size_t count, struct shared_error *err)
{
    const char *arguments[8];
    for (size_t i = 0; i < count && i < sizeof(arguments) / sizeof(*arguments); i++)
        arguments[i] = words[i];
    return redisAppendCommandArgv(link, (int)count, arguments, NULL) == REDIS_OK ? 0 : broken(link, err);
}

int redis_link_ask(redisContext *link, const char *const *words, size_t count, int64_t until_ms,
                   redisReply **reply, struct shared_error *err)
{
    int code = append(link, words, count, err);
    return code < 0 ? code : await_reply(link, until_ms, reply, err);
}

/* Takes the reply to AUTH or SELECT. */
static int await_ok(redisContext *link, int64_t until_ms, struct shared_error *err)
{
    redisReply *reply = NULL;
    int code = await_reply(link, until_ms, &reply, err);
    if (code == 0 && reply->type == REDIS_REPLY_ERROR)
        code = shared_fail(
            err, redis_verdict_of_error(reply->str) == REDIS_MISCONFIGURED ? SHARED_EINVAL : SHARED_EIO, 0,
            "redis: %s", reply->str);
    freeReplyObject(reply);
    return code;
}

static int greet(redisContext *link, const struct redis_url *url, int64_t until_ms, struct shared_error *err)
{
    char database[16];
    const char *const named[] = {"AUTH", url->user, url->password};
    const char *const unnamed[] = {"AUTH", url->password};
    const char *const select[] = {"SELECT", database};
    int waiting = 0, code = 0;
    if (*url->password) {
        code = *url->user ? append(link, named, 3, err) : append(link, unnamed, 2, err);
        waiting++;
    }
    if (url->database && code == 0) {
        snprintf(database, sizeof(database), "%d", url->database);
        code = append(link, select, 2, err);
        waiting++;
    }
    for (; waiting && code == 0; waiting--)
        code = await_ok(link, until_ms, err);
    return code;
}

int redis_link_open(const struct redis_url *url, int64_t until_ms, redisContext **link,
                    struct shared_error *err)
{
    char address[REDIS_ADDRESS_BYTES];
    int code = redis_name_look_up(url->host, until_ms, address, err);
    if (code < 0)
        return code;
    redisContext *made = redisConnectNonBlock(address, url->port);
    if (!made)
        return shared_fail(err, SHARED_ENOMEM, 0, "redis: connect to %s", address);
    code = made->err ? broken(made, err) : greet(made, url, until_ms, err);
    if (code < 0) {
        redisFree(made);
        return code;
    }
    *link = made;
    return 0;
}
