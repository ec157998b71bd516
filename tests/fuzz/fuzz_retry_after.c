/*
 * fuzz_retry_after.c - a peer's Retry-After beside the C library's reading of it.
 *
 * What is taken as a date must be one for strptime, and the time until it what timegm says. Names of days are
 * not looked at, and years of two digits are read otherwise there.
 */
#include "fuzz_target.h"

#include <shared/retry.h>

#include <string.h>
#include <time.h>

#define DAY_MS 86400000

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t bounded(int64_t ms)
{
    return ms < 0 ? 0 : ms > DAY_MS ? DAY_MS : ms;
}

static void check_date(const char *value, int64_t ms, int64_t before_ms)
{
    struct tm parts = {0};
    const char *rest = value + strspn(value, "abcdefghijklmnopqrstuvwxyzADFJMNOSTW");
    if (strchr(value, '-'))
        return;
    rest = strptime(rest, *rest == ',' ? ", %d %b %Y %H:%M:%S GMT" : " %b %e %H:%M:%S %Y", &parts);
    FUZZ_PROMISE(rest && !*rest);
    int64_t date_ms = (int64_t)timegm(&parts) * 1000;
    FUZZ_PROMISE(ms <= bounded(date_ms - before_ms) && ms >= bounded(date_ms - now_ms()));
}

static void check_seconds(const char *value, int64_t ms)
{
    char *end;
    long long seconds = strtoll(value, &end, 10); /* the largest where it is larger */
    FUZZ_PROMISE(ms == (*end ? -1 : seconds < DAY_MS / 1000 ? seconds * 1000 : DAY_MS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = malloc(size + 1);
    if (!value)
        abort();
    if (size)
        memcpy(value, data, size);
    value[size] = '\0';
    int64_t before_ms = now_ms(), ms = shared_retry_after_ms(value);
    FUZZ_PROMISE(ms >= -1 && ms <= DAY_MS);
    if (*value >= '0' && *value <= '9')
        check_seconds(value, ms);
    else if (ms >= 0)
        check_date(value, ms, before_ms);
    free(value);
    return 0;
}
