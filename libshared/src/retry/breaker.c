#include "base/clock.h"

#include <shared/breaker.h>

static void open_now(struct shared_breaker *breaker, enum shared_breaker_state state,
                     const struct shared_instant *now)
{
    breaker->state = state;
    breaker->opened_us[0] = now->monotonic_us;
    breaker->opened_us[1] = now->real_us;
}

/*
 * Milliseconds until one may go through, 0 for now. Half-open is open anew but for the one that is through:
 * should it never come back, as its invocation was ended, another is let through as long after it.
 */
static int64_t enter(struct shared_breaker *breaker)
{
    if (breaker->state == SHARED_BREAKER_CLOSED)
        return 0;
    struct shared_instant opened = {breaker->opened_us[0], breaker->opened_us[1]}, now = shared_clock_now();
    int64_t left_ms = breaker->open_ms - shared_clock_elapsed_us(&opened, &now) / 1000;
    if (left_ms > 0)
        return left_ms;
    open_now(breaker, SHARED_BREAKER_HALF_OPEN, &now);
    return 0;
}

int shared_breaker_enter(struct shared_breaker *breaker, int64_t *retry_after_ms, struct shared_error *err)
{
    pthread_mutex_lock(&breaker->lock);
    int64_t left_ms = enter(breaker);
    pthread_mutex_unlock(&breaker->lock);
    if (left_ms == 0)
        return 0;
    if (retry_after_ms)
        *retry_after_ms = left_ms;
    return shared_fail(err, SHARED_EIO, 0, "%s failed %d times in a row; it is asked again in %lld ms",
                       breaker->name, breaker->threshold, (long long)left_ms);
}

/* What went through before the breaker opened and comes back while it is open tells nothing new. */
void shared_breaker_leave(struct shared_breaker *breaker, bool success)
{
    pthread_mutex_lock(&breaker->lock);
    if (breaker->state != SHARED_BREAKER_OPEN) {
        breaker->failures = success ? 0 : breaker->failures + 1;
        if (success)
            breaker->state = SHARED_BREAKER_CLOSED;
        else if (breaker->failures >= breaker->threshold) {
            struct shared_instant now = shared_clock_now();
            open_now(breaker, SHARED_BREAKER_OPEN, &now);
        }
    }
    pthread_mutex_unlock(&breaker->lock);
}
