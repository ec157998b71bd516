#include "throttle/throttle_line.h"

static void fill(struct shared_throttle *throttle, int64_t now_us)
{
    double burst = throttle->burst > 1 ? throttle->burst : 1;
    int64_t passed_us = now_us - throttle->filled_us;
    double tokens = throttle->tokens;
    if (passed_us > 0)
        tokens += (double)passed_us * throttle->rate / 1e6;
    throttle->tokens = throttle->filled_us != 0 && tokens < burst ? tokens : burst;
    throttle->filled_us = now_us;
}

int64_t shared_throttle_until_token(struct shared_throttle *throttle, int64_t now_us, int ahead)
{
    if (!(throttle->rate > 0))
        return 0;
    fill(throttle, now_us);
    double missing = 1 + ahead - throttle->tokens;
    if (missing <= 0)
        return 0;
    double us = missing / throttle->rate * 1e6;
    if (!(us < SHARED_THROTTLE_FAR_US))
        return SHARED_THROTTLE_FAR_US;
    int64_t whole_us = (int64_t)us;
    return whole_us + ((double)whole_us < us);
}
