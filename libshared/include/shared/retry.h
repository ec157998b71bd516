/*
 * retry.h - exponential back-off with full jitter, within a budget and never past the deadline.
 *
 *     struct shared_retry retry;
 *     shared_retry_init(&retry, NULL, context->deadline_ms);
 *     do
 *         status = fetch(…, &problem, &retry_after);
 *     while (status < 0 && is_transient(&problem) && shared_retry_wait(&retry, retry_after));
 *
 * Whether something may be tried again is the caller's word: it calls shared_retry_wait or does not. The
 * wait before attempt n + 1 is drawn evenly from 0 to min(cap_ms, base_ms × 2^(n-1)) ("Exponential Backoff
 * And Jitter", AWS Architecture Blog, 2015), or to what is left of the budget and until the deadline where
 * that is less; but it is never less than what the server asked for.
 */
#ifndef SHARED_RETRY_H
#define SHARED_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All zero is the default, given in brackets; below 0 stands for 0. Milliseconds. */
struct shared_retry_options {
    int attempts;  /* in all, the first one included [4] */
    int base_ms;   /* [50] */
    int cap_ms;    /* of one wait [2,000] */
    int budget_ms; /* of all waits together [half of what is left until the deadline; without one 10,000] */
    int margin_ms; /* left before the deadline for answering [250] */
};

/* Caller-owned; one operation, one thread. attempt and waited_ms may be read. */
struct shared_retry {
    struct shared_retry_options options;
    int64_t deadline_us; /* monotonic, the margin taken off; INT64_MAX: none */
    int64_t waited_ms;
    int attempt; /* 1 at first */
};

/* options may be NULL. deadline_ms is a context's: milliseconds since 1970, INT64_MAX for none. */
void shared_retry_init(struct shared_retry *retry, const struct shared_retry_options *options,
                       int64_t deadline_ms);

/*
 * Waits before the next attempt, however many signals come. retry_after_ms is what the server asked for, or
 * -1. Returns false, without waiting, where there is to be none: attempts or budget are used up, the deadline
 * less the margin is past, or what the server asked for would exceed the budget or end past it.
 */
bool shared_retry_wait(struct shared_retry *retry, int64_t retry_after_ms);

/*
 * Reads the value of a Retry-After header (RFC 9110, section 10.2.3): seconds or an HTTP date, of which the
 * real-time clock is taken off. Returns milliseconds from 0, at most a day, or -1 where it is neither (or
 * NULL).
 */
int64_t shared_retry_after_ms(const char *value);

#ifdef __cplusplus
}
#endif

#endif
