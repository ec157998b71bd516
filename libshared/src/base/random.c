#include "base/random.h"

#include "base/clock.h"

#include <sys/random.h>

uint64_t shared_random(void)
{
    uint64_t drawn;
    if (getrandom(&drawn, sizeof(drawn), GRND_NONBLOCK) != sizeof(drawn)) {
        drawn = (uint64_t)shared_clock_monotonic_us() * 0x9E3779B97F4A7C15u; /* 2^64 / golden ratio, odd */
        drawn ^= drawn >> 32; /* what a product has in its low bits is little more than the clock's own */
    }
    return drawn;
}
