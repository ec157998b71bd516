/*
 * throttle.h - no more than a peer, or an account, can take: a token bucket and a concurrency gate.
 *
 *     static struct shared_throttle throttle = SHARED_THROTTLE;
 *     int64_t retry_after_ms;
 *     if (shared_throttle_enter(&throttle, 0, &retry_after_ms, err) < 0)
 *         return shared_fault_busy(&request, 429, retry_after_ms, "too many requests", answer, err);
 *     …
 *     shared_throttle_leave(&throttle);
 *
 * Its clock is CLOCK_MONOTONIC: what a frozen environment slept earns no burst beyond the bucket's size. The
 * bounds hold in one environment; those of an account are shared by all of them.
 */
#ifndef SHARED_THROTTLE_H
#define SHARED_THROTTLE_H

#include <shared/error.h>

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The limits of an account that "Minesweeping on AWS" (2016) met: 1,000 requests a second at API Gateway, 100
 * concurrent executions. */
#define SHARED_THROTTLE_RATE 1000
#define SHARED_THROTTLE_CONCURRENCY 100

struct shared_throttle_waiter;

/* Static or caller-owned; made by SHARED_THROTTLE or SHARED_THROTTLE_OF. Private. */
struct shared_throttle {
    double rate;     /* tokens a second; 0: no bucket */
    double burst;    /* tokens in a full bucket; less than 1 stands for 1 */
    int concurrency; /* at once; 0: no gate */
    pthread_mutex_t lock;
    double tokens;     /* below 0: as many are promised to those who wait for them */
    int64_t filled_us; /* monotonic; 0: never, and the bucket is full */
    int inside;
    int waiting; /* for a place */
    struct shared_throttle_waiter *first;
};

#define SHARED_THROTTLE_OF(rate, burst, concurrency)                                \
    {                                                                               \
        (rate), (burst), (concurrency), PTHREAD_MUTEX_INITIALIZER, 0, 0, 0, 0, NULL \
    }
#define SHARED_THROTTLE \
    SHARED_THROTTLE_OF(SHARED_THROTTLE_RATE, SHARED_THROTTLE_RATE, SHARED_THROTTLE_CONCURRENCY)

/*
 * Takes a place and a token, first come, first served. wait_ms is how long the caller would wait for them, in
 * milliseconds: 0 for not at all; for as long as the invocation has, context's remaining time less a margin.
 * Returns 0, and shared_throttle_leave must follow; or SHARED_ETOOBIG where waiting so long is not enough for
 * a token, as soon as that is known, or for a place, after it; with *retry_after_ms (may be NULL) until a
 * token is there (for a place: 1,000, as nobody knows). Any thread.
 */
int shared_throttle_enter(struct shared_throttle *throttle, int64_t wait_ms, int64_t *retry_after_ms,
                          struct shared_error *err);

/* Gives the place back. Any thread. */
void shared_throttle_leave(struct shared_throttle *throttle);

#ifdef __cplusplus
}
#endif

#endif
