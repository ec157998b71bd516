#include "base/clock.h"
#include "throttle/throttle_line.h"

/* The place goes to the first in the line, and with it the next token: who leaves gives out both, in order. */
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
        waiter->has_place = true;
        pthread_cond_signal(&waiter->called);
    } else {
        throttle->inside--;
    }
    pthread_mutex_unlock(&throttle->lock);
}
