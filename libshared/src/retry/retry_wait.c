#include "base/clock.h"

#include <shared/retry.h>

#include <sys/random.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/*
 * Evenly from 0 to most. Each draw asks the kernel: environments that were started from one snapshot must not
 * draw the same. Where it will not answer, the time has to do.
 */
static int64_t draw(int64_t most, int64_t now_us)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        random = (uint64_t)now_us * 0x9E3779B97F4A7C15u >> 16;
    return (int64_t)(random % (uint64_t)(most + 1));
}

bool shared_retry_wait(struct shared_retry *retry, int64_t retry_after_ms)
{
    const struct shared_retry_options *options = &retry->options;
    int64_t now_us = shared_clock_monotonic_us();
    int64_t left_ms = least(options->budget_ms - retry->waited_ms, (retry->deadline_us - now_us) / 1000);
    if (retry->attempt >= options->attempts || left_ms <= 0 || retry_after_ms > left_ms)
        return false;

    int doublings = retry->attempt < 32 ? retry->attempt - 1 : 31;
    int64_t most_ms = least(options->cap_ms, (int64_t)options->base_ms << doublings);
    int64_t wait_ms = draw(least(most_ms, left_ms), now_us);
    if (wait_ms < retry_after_ms)
        wait_ms = retry_after_ms;
    shared_clock_sleep_until_us(now_us + wait_ms * 1000);
    retry->waited_ms += wait_ms;
    retry->attempt++;
    return true;
}
