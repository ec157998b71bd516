/* throttle_line.h - what entering and leaving share: the bucket, and the line of who waits for a place. */
#ifndef SHARED_THROTTLE_THROTTLE_LINE_H
#define SHARED_THROTTLE_THROTTLE_LINE_H

#include <shared/throttle.h>

/* On the stack of its thread; in the line until it is called or gives up. */
struct shared_throttle_waiter {
    struct shared_throttle_waiter *next;
    int64_t end_us;  /* when it would give up */
    int64_t go_us;   /* when its token is there; below 0: it has no place, as that were so much too late */
    uint32_t called; /* a futex: 1 once it is known */
};

/* Microseconds that nobody waits: 31 years. */
#define SHARED_THROTTLE_FAR_US 1000000000000000

/* Microseconds until there is a token for who comes after so many others; at most FAR. With the lock held. */
int64_t shared_throttle_until_token(struct shared_throttle *throttle, int64_t now_us, int ahead);

#endif
