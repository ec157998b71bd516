#include "base/clock.h"
#include "throttle/throttle_line.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PLACE_RETRY_MS 1000

/* Where the address of a waiter stands in the line; NULL stands at its end. */
static struct shared_throttle_waiter **find(struct shared_throttle *throttle,
                                            const struct shared_throttle_waiter *waiter)
{
    struct shared_throttle_waiter **at = &throttle->first;
    while (*at != waiter)
        at = &(*at)->next;
    return at;
}

/*
 * Waits to be called, without the lock meanwhile. Returns when to go, 0 where nobody left before the end, and
 * below 0 how long the token would take that comes after it. A futex by itself does what is needed here, and
 * takes a tenth of what a condition takes in a static program.
 */
static int64_t stand_in_line(struct shared_throttle *throttle, int64_t end_us)
{
    struct timespec end = {.tv_sec = end_us / 1000000, .tv_nsec = end_us % 1000000 * 1000};
    struct shared_throttle_waiter own = {.end_us = end_us};
    *find(throttle, NULL) = &own;
    throttle->waiting++;
    pthread_mutex_unlock(&throttle->lock);
    while (!__atomic_load_n(&own.called, __ATOMIC_ACQUIRE))
        if (syscall(SYS_futex, &own.called, FUTEX_WAIT_BITSET_PRIVATE, 0, &end, NULL,
                    FUTEX_BITSET_MATCH_ANY) < 0 &&
            errno == ETIMEDOUT)
            break;
    pthread_mutex_lock(&throttle->lock);
    if (!own.called) {
        *find(throttle, &own) = own.next;
        throttle->waiting--;
    }
    return own.go_us;
}

/* Takes a place and a token, which may come later. Returns when to go, 0 where there is no place, and below 0
 * as above. */
static int64_t take(struct shared_throttle *throttle, int64_t now_us, int64_t token_us, int64_t end_us)
{
    if (throttle->concurrency > 0 && throttle->inside >= throttle->concurrency)
        return now_us < end_us ? stand_in_line(throttle, end_us) : 0;
    throttle->inside++;
    throttle->tokens -= 1;
    return now_us + token_us;
}

static int refuse(int64_t ms, const char *what, int64_t *retry_after_ms, struct shared_error *err)
{
    if (retry_after_ms)
        *retry_after_ms = ms;
    return shared_fail(err, SHARED_ETOOBIG, 0, "too many requests %s: try again in %lld ms", what,
                       (long long)ms);
}

/*
 * A token is given out together with the place, and promised where it comes later: so each goes through when
 * the rate allows it, in the order of coming, however long the places were taken.
 */
int shared_throttle_enter(struct shared_throttle *throttle, int64_t wait_ms, int64_t *retry_after_ms,
                          struct shared_error *err)
{
    int64_t wait_us = 0, go_us = 0;
    if (wait_ms > 0)
        wait_us = wait_ms < SHARED_THROTTLE_FAR_US / 1000 ? wait_ms * 1000 : SHARED_THROTTLE_FAR_US;
    pthread_mutex_lock(&throttle->lock);
    int64_t now_us = shared_clock_monotonic_us(); /* looked at before, it may be behind the bucket's time */
    int64_t token_us = shared_throttle_until_token(throttle, now_us, throttle->waiting);
    if (token_us <= wait_us)
        go_us = take(throttle, now_us, token_us, now_us + wait_us);
    pthread_mutex_unlock(&throttle->lock);

    if (go_us < 0)
        token_us = -go_us;
    if (go_us < 0 || token_us > wait_us)
        return refuse((token_us + 999) / 1000, "a second", retry_after_ms, err);
    if (go_us == 0)
        return refuse(PLACE_RETRY_MS, "at once", retry_after_ms, err);
    if (go_us > now_us)
        shared_clock_sleep_until_us(go_us);
    return 0;
}
