#include <shared/runtime.h>

#include <time.h>

int64_t shared_context_remaining_ms(const struct shared_context *context)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return context->deadline_ms > now_ms ? context->deadline_ms - now_ms : 0;
}
