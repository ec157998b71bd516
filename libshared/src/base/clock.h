/*
 * clock.h - how much time has passed, in an environment that may have been frozen meanwhile.
 *
 * CLOCK_MONOTONIC may stand still while an environment is frozen; the real-time clock may be set, in either
 * direction. What has passed is at least what either says: the larger of the two, never below 0.
 */
#ifndef SHARED_BASE_CLOCK_H
#define SHARED_BASE_CLOCK_H

#include <stdint.h>

struct shared_instant {
    int64_t monotonic_us;
    int64_t real_us; /* since 1970 */
};

/* Microseconds of CLOCK_MONOTONIC. */
int64_t shared_clock_monotonic_us(void);

/* Microseconds since 1970, UTC. */
int64_t shared_clock_real_us(void);

struct shared_instant shared_clock_now(void);

/* Microseconds from then to now. */
int64_t shared_clock_elapsed_us(const struct shared_instant *then, const struct shared_instant *now);

/* Sleeps until CLOCK_MONOTONIC is there, however many signals come; not at all where it has been. */
void shared_clock_sleep_until_us(int64_t monotonic_us);

#endif
