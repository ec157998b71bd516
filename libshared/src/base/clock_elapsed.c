#include "base/clock.h"

struct shared_instant shared_clock_now(void)
{
    return (struct shared_instant){shared_clock_monotonic_us(), shared_clock_real_us()};
}

int64_t shared_clock_elapsed_us(const struct shared_instant *then, const struct shared_instant *now)
{
    int64_t monotonic = now->monotonic_us - then->monotonic_us;
    int64_t real = now->real_us - then->real_us;
    int64_t larger = monotonic > real ? monotonic : real;
    return larger > 0 ? larger : 0;
}
