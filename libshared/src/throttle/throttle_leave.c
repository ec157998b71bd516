#include "base/clock.h"
#include "throttle/throttle_line.h"

#include <linux/futex.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Offers the place to the first in the line, and with it the next token. A full bucket takes no more, however
 * long the places are taken: the token may be later than the waiter, who counted on it, would wait. Returns
 * whether the place is taken. The waiter is woken while the lock is held, without which it cannot go on: its
 * stack is still there.
 */
static bool offer(struct shared_throttle *throttle, struct shared_throttle_waiter *waiter, int64_t now_us)
{
    int64_t token_us = shared_throttle_until_token(throttle, now_us, 0);
    bool takes = token_us == 0 || now_us + token_us <= waiter->end_us;
    waiter->go_us = takes ? now_us + token_us : -token_us;
    throttle->tokens -= takes;
    throttle->first = waiter->next;
    throttle->waiting--;
    __atomic_store_n(&waiter->called, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &waiter->called, FUTEX_WAKE_PRIVATE, 1);
    return takes;
}

/* Who leaves gives out place and token, in order. */
void shared_throttle_leave(struct shared_throttle *throttle)
{
    bool taken = false;
    pthread_mutex_lock(&throttle->lock);
    while (throttle->first && !taken)
        taken = offer(throttle, throttle->first, shared_clock_monotonic_us());
    if (!taken)
        throttle->inside--;
    pthread_mutex_unlock(&throttle->lock);
}
