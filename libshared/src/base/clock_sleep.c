#include "base/clock.h"

#include <errno.h>
#include <time.h>

void shared_clock_sleep_until_us(int64_t monotonic_us)
{
    struct timespec end = {.tv_sec = monotonic_us / 1000000, .tv_nsec = monotonic_us % 1000000 * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
        ;
}
