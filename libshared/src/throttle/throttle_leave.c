#include "base/clock.h"
#include "throttle/throttle_line.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The place goes to the first in the line, and with it the next token: who leaves gives out both, in order. The
 * waiter is woken while the lock is held, without which it cannot go on: its stack is still there.
 */
void shared_throttle_leave(struct shared_throttle *throttle)
{
    pthread_mutex_lock(&throttle->lock);
    struct shared_throttle_waiter *waiter = throttle->first;
    if (waiter) {
        int64_t now_us = shared_clock_monotonic_us();
        waiter->go_us = now_us + shared_throttle_until_token(throttle, now_us, 0);
        throttle->tokens -= 1;
        throttle->first = waiter->next;
        throttle->waiting--;
        __atomic_store_n(&waiter->called, 1, __ATOMIC_RELEASE);
        syscall(SYS_futex, &waiter->called, FUTEX_WAKE_PRIVATE, 1);
    } else {
        throttle->inside--;
    }
    pthread_mutex_unlock(&throttle->lock);
}
