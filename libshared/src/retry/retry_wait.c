#include "base/clock.h"
#include "base/random.h"

#include <shared/retry.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
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
    int64_t wait_ms = (int64_t)(shared_random() % (uint64_t)(least(most_ms, left_ms) + 1));
    if (wait_ms < retry_after_ms)
        wait_ms = retry_after_ms;
    shared_clock_sleep_until_us(now_us + wait_ms * 1000);
    retry->waited_ms += wait_ms;
    retry->attempt++;
    return true;
}
