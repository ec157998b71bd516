#include "redis_ask.h"

#include "redis_link.h"
#include "redis_pool.h"

#include <shared/breaker.h>
#include <shared/log.h>
#include <shared/metrics.h>
#include <shared/retry.h>

#include <limits.h>

/* For answering 503; and what one attempt may take before the next begins on a new connection. */
#define MARGIN_MS 250
#define ATTEMPT_MS 600

/* What somebody who was refused is told to wait, at least. */
#define RETRY_AFTER_MS 1000

/*
 * As many attempts as there is time for: an invocation that Redis comes back for is served. It is the breaker
 * that keeps an outage cheap: it counts whole invocations that ended without an answer, and after two of them
 * the following are refused at once.
 */
static const struct shared_retry_options patience = {
    .attempts = INT_MAX, .base_ms = 20, .cap_ms = 200, .budget_ms = 10000, .margin_ms = MARGIN_MS};

static struct shared_breaker breaker = SHARED_BREAKER("redis", 2, 1000);

struct question {
    const struct shared_context *context;
    struct redis_pool *pool;
    const char *const *words;
    size_t count;
    struct redis_answer *answer;
    int attempts;
    bool timed_out;              /* the latest attempt */
    struct shared_error problem; /* the latest that says why */
};

static int64_t attempt_limit_ms(const struct shared_context *context)
{
    int64_t left_ms = shared_context_remaining_ms(context) - MARGIN_MS;
    return redis_link_now_ms() + (left_ms > ATTEMPT_MS ? ATTEMPT_MS : left_ms > 0 ? left_ms : 0);
}

static bool copy_text(struct question *question, const redisReply *reply)
{
    if (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_STATUS)
        return true;
    question->answer->text =
        shared_arena_copy(question->context->arena, shared_slice_of(reply->str, reply->len));
    return question->answer->text != NULL;
}

static enum redis_verdict judge(struct question *question, const redisReply *reply)
{
    if (reply->type != REDIS_REPLY_ERROR)
        return REDIS_ANSWERED;
    shared_fail(&question->problem, SHARED_EPROTO, 0, "redis: %s", reply->str);
    return redis_verdict_of_error(reply->str);
}

/* One attempt. A connection is kept where it may serve again: a replica stays one for those who are connected to
 * it, and a password is given when connecting. */
static enum redis_verdict ask_connection(struct question *question, redisReply **reply)
{
    int64_t until_ms = attempt_limit_ms(question->context);
    struct shared_cache_loan loan;
    int code = redis_pool_borrow(question->pool, until_ms, &loan, &question->problem);
    if (code < 0)
        return code == SHARED_EINVAL ? REDIS_MISCONFIGURED : REDIS_AWAY;
    code = redis_link_ask(loan.object, question->words, question->count, until_ms, reply, &question->problem);
    enum redis_verdict verdict = code < 0 ? REDIS_AWAY : judge(question, *reply);
    bool good = verdict == REDIS_ANSWERED || verdict == REDIS_WRONG_TYPE || verdict == REDIS_FULL;
    shared_cache_return(&question->pool->cache, &loan, good);
    return verdict;
}

static int ask_once(struct question *question)
{
    const struct shared_error before = question->problem;
    redisReply *reply = NULL;
    question->attempts++;
    question->answer->verdict = ask_connection(question, &reply);
    bool copied = !reply || copy_text(question, reply);
    freeReplyObject(reply);

    /* The last attempt before the deadline often has no time: that is not what was wrong. */
    question->timed_out = question->problem.code == SHARED_ETIMEDOUT;
    if (question->timed_out && before.code != SHARED_OK)
        question->problem = before;
    return copied ? 0 : SHARED_ENOMEM;
}

static bool may_come_yet(enum redis_verdict verdict)
{
    return verdict == REDIS_AWAY || verdict == REDIS_NOT_YET;
}

static const struct {
    enum shared_log_level level;
    const char *message;
} lines[] = {
    [REDIS_ANSWERED] = {SHARED_LOG_WARN, "redis was asked again"},
    [REDIS_AWAY] = {SHARED_LOG_WARN, "redis is away"},
    [REDIS_NOT_YET] = {SHARED_LOG_WARN, "redis is not ready"},
    [REDIS_FULL] = {SHARED_LOG_ERROR, "redis takes no writes"},
    [REDIS_WRONG_TYPE] = {SHARED_LOG_ERROR, "what lies under a session's key is no session"},
    [REDIS_MISCONFIGURED] = {SHARED_LOG_ERROR, "redis refuses: look at REDIS_URL, and at its rights"},
};

static void tell(const struct question *question)
{
    enum redis_verdict verdict = question->answer->verdict;
    if (verdict == REDIS_ANSWERED && question->attempts == 1)
        return;
    shared_log_with(question->context->log, lines[verdict].level, lines[verdict].message,
                    SHARED_LOG_FIELDS(shared_log_text("problem", question->problem.text),
                                      shared_log_number("attempts", question->attempts)));
}

/* A connection that was kept and now is broken says nothing about Redis: a new one is tried at once. */
static int ask_without_pause(struct question *question)
{
    unsigned connects = question->pool->connects;
    int code = ask_once(question);
    bool kept = question->pool->connects == connects;
    if (code == 0 && kept && question->answer->verdict == REDIS_AWAY && !question->timed_out)
        code = ask_once(question);
    return code;
}

static int ask_again(struct question *question)
{
    struct shared_metrics *metrics = question->context->metrics;
    int64_t began_us = redis_link_now_us();
    struct shared_retry retry;
    int code;
    shared_retry_init(&retry, &patience, question->context->deadline_ms);
    do
        code = ask_without_pause(question);
    while (code == 0 && may_come_yet(question->answer->verdict) && shared_retry_wait(&retry, -1));
    shared_metrics_add(metrics, "RedisTime", SHARED_METRICS_MILLISECONDS,
                       (double)(redis_link_now_us() - began_us) / 1000);
    shared_metrics_add(metrics, "RedisAttempts", SHARED_METRICS_COUNT, question->attempts);
    tell(question);
    return code;
}

static int ask_guarded(struct question *question)
{
    struct redis_answer *answer = question->answer;
    int64_t open_ms = 0;
    int code = 0;
    if (shared_breaker_enter(&breaker, &open_ms, &question->problem) < 0) {
        answer->retry_after_ms = open_ms;
        tell(question);
    } else {
        code = ask_again(question);
        shared_breaker_leave(&breaker, !may_come_yet(answer->verdict));
    }
    shared_metrics_add(question->context->metrics, "RedisAway", SHARED_METRICS_COUNT,
                       may_come_yet(answer->verdict) ? 1 : 0);
    return code;
}

int redis_ask(const struct shared_context *context, const char *const *words, size_t count,
              struct redis_answer *answer, struct shared_error *err)
{
    *answer = (struct redis_answer){.verdict = REDIS_AWAY, .retry_after_ms = RETRY_AFTER_MS};
    struct question question = {.context = context, .words = words, .count = count, .answer = answer};
    void *pool;
    if (shared_lazy_use(&redis_pool, context, &pool, &question.problem) < 0) {
        answer->verdict = REDIS_MISCONFIGURED;
        tell(&question);
        return 0;
    }
    question.pool = pool;
    int code = ask_guarded(&question);
    return code < 0 ? shared_fail(err, SHARED_ENOMEM, 0, "take the answer of redis") : 0;
}
