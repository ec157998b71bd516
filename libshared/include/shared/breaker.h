/*
 * breaker.h - a circuit breaker: a peer that is down is not asked again and again.
 *
 *     if (shared_breaker_enter(&breaker, &retry_after_ms, err) < 0)
 *         return shared_fault_busy(…);
 *     int status = fetch(…);
 *     shared_breaker_leave(&breaker, status == 0);
 *
 * Closed, it lets everything through and counts failures in a row; at the threshold it opens and refuses at
 * once. After open_ms it lets one through (half-open): a success closes it, a failure opens it anew; should
 * that one never come back, because its invocation was ended, another goes through after open_ms more. The
 * time is taken as in shared/cache.h: frozen hours count.
 */
#ifndef SHARED_BREAKER_H
#define SHARED_BREAKER_H

#include <shared/error.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum shared_breaker_state { SHARED_BREAKER_CLOSED, SHARED_BREAKER_OPEN, SHARED_BREAKER_HALF_OPEN };

/* Static or caller-owned; made by SHARED_BREAKER. Private but for name. */
struct shared_breaker {
    const char *name;
    int threshold;   /* failures in a row that open it */
    int64_t open_ms; /* milliseconds that it stays open */
    pthread_mutex_t lock;
    enum shared_breaker_state state;
    int failures;
    int64_t opened_us[2]; /* monotonic and real time */
};

#define SHARED_BREAKER(name, threshold, open_ms)                                             \
    {                                                                                        \
        (name), (threshold), (open_ms), PTHREAD_MUTEX_INITIALIZER, SHARED_BREAKER_CLOSED, 0, \
        {                                                                                    \
            0, 0                                                                             \
        }                                                                                    \
    }

/*
 * Asks to go through. Returns 0, and then shared_breaker_leave must follow; or SHARED_EIO where the breaker
 * is open, with *retry_after_ms (may be NULL) until it will let one through. Any thread.
 */
int shared_breaker_enter(struct shared_breaker *breaker, int64_t *retry_after_ms, struct shared_error *err);

/* Tells how it went. What comes back while the breaker is open changes nothing. Any thread. */
void shared_breaker_leave(struct shared_breaker *breaker, bool success);

#ifdef __cplusplus
}
#endif

#endif
