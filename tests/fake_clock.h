/*
 * fake_clock.h - clocks that stand still until a test moves them, or something sleeps.
 *
 * For programs linked with --wrap=clock_gettime,--wrap=clock_nanosleep.
 */
#ifndef TESTS_FAKE_CLOCK_H
#define TESTS_FAKE_CLOCK_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

static int64_t fake_monotonic_us = 1000000000;
static int64_t fake_real_us = 1783000000000000; /* July 2026 */
static int64_t fake_slept_us;                   /* by the last sleep */
static int fake_sleeps;
static int fake_interruptions;    /* sleeps that end early, by a signal */
static void (*fake_looked)(void); /* happens once the clock has been looked at, once */

int __wrap_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_nanosleep(clockid_t id, int flags, const struct timespec *end, struct timespec *rest);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    int64_t us = id == CLOCK_REALTIME ? fake_real_us : fake_monotonic_us;
    now->tv_sec = us / 1000000;
    now->tv_nsec = us % 1000000 * 1000;
    void (*happens)(void) = fake_looked;
    fake_looked = NULL;
    if (happens)
        happens();
    return 0;
}

/* Time passes on both clocks. */
static inline void fake_pass_us(int64_t us)
{
    fake_monotonic_us += us;
    fake_real_us += us;
}

int __wrap_clock_nanosleep(clockid_t id, int flags, const struct timespec *end, struct timespec *rest)
{
    (void)rest;
    if (id != CLOCK_MONOTONIC || flags != TIMER_ABSTIME || end->tv_nsec < 0 || end->tv_nsec >= 1000000000)
        return EINVAL;
    int64_t us = end->tv_sec * 1000000 + end->tv_nsec / 1000 - fake_monotonic_us;
    bool is_cut = fake_interruptions > 0 && us > 1;
    if (is_cut)
        us /= 2;
    if (us > 0)
        fake_pass_us(us);
    fake_interruptions -= is_cut;
    fake_sleeps += !is_cut;
    fake_slept_us += us > 0 ? us : 0;
    return is_cut ? EINTR : 0;
}

#endif
