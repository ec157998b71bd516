#include "base/clock.h"

#include <shared/retry.h>

#include <limits.h>

#define BUDGET_WITHOUT_DEADLINE_MS 10000

/* 0 stands for the default, below 0 for none. */
static void resolve(int *option, int fallback)
{
    if (*option == 0)
        *option = fallback;
    if (*option < 0)
        *option = 0;
}

/* The deadline is brought over to the monotonic clock once: the other one may be set while it is waited. */
void shared_retry_init(struct shared_retry *retry, const struct shared_retry_options *options,
                       int64_t deadline_ms)
{
    *retry = (struct shared_retry){.deadline_us = INT64_MAX, .attempt = 1};
    if (options)
        retry->options = *options;
    resolve(&retry->options.attempts, 4);
    resolve(&retry->options.base_ms, 50);
    resolve(&retry->options.cap_ms, 2000);
    resolve(&retry->options.margin_ms, 250);

    int64_t budget_ms = BUDGET_WITHOUT_DEADLINE_MS;
    if (deadline_ms < INT64_MAX / 2000) {
        int64_t left_us = (deadline_ms > 0 ? deadline_ms * 1000 : 0) - shared_clock_real_us();
        retry->deadline_us = shared_clock_monotonic_us() + left_us - (int64_t)retry->options.margin_ms * 1000;
        budget_ms = left_us / 2000;
    }
    resolve(&retry->options.budget_ms, budget_ms < INT_MAX ? (int)budget_ms : INT_MAX);
}
