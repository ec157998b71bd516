#include "check.h"
#include "fake_clock.h"

#include "base/clock.h"

static void test_elapsed(void)
{
    static const struct {
        const char *name;
        struct shared_instant then, now;
        int64_t elapsed_us;
    } rows[] = {
        {"nothing", {5, 7}, {5, 7}, 0},
        {"both run", {5, 7}, {15, 17}, 10},
        {"frozen: monotonic stands still", {5, 7}, {5, 3600000007}, 3600000000},
        {"frozen: it lags behind", {5, 7}, {15, 107}, 100},
        {"real time set back", {5, 1000}, {15, 7}, 10},
        {"real time set back while frozen", {5, 1000}, {5, 7}, 0},
        {"both back", {5, 7}, {4, 6}, 0},
        {"another machine's monotonic clock", {1000, 7}, {5, 17}, 10},
        {"before 1970", {5, -1000}, {5, -900}, 100},
        {"as long as there is", {0, 0}, {INT64_MAX, 0}, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(shared_clock_elapsed_us(&rows[i].then, &rows[i].now), rows[i].elapsed_us);
    }
}

static void test_now(void)
{
    fake_monotonic_us = 1234567;
    fake_real_us = 1783000000999999;
    CHECK_NUMBER(shared_clock_monotonic_us(), 1234567);
    CHECK_NUMBER(shared_clock_real_us(), 1783000000999999);
    struct shared_instant now = shared_clock_now();
    CHECK_NUMBER(now.monotonic_us, 1234567);
    CHECK_NUMBER(now.real_us, 1783000000999999);
}

static void test_sleep(void)
{
    fake_monotonic_us = 1999999;
    fake_slept_us = 0;
    fake_sleeps = 0;
    shared_clock_sleep_until_us(3000001);
    CHECK_NUMBER(fake_monotonic_us, 3000001);
    CHECK_NUMBER(fake_slept_us, 1000002);
    shared_clock_sleep_until_us(5);
    shared_clock_sleep_until_us(0);
    CHECK_NUMBER(fake_monotonic_us, 3000001);
    CHECK_NUMBER(fake_sleeps, 3);
}

/* A signal does not end the sleep, and the real-time clock that is set meanwhile does not move its end. */
static void test_sleep_interrupted(void)
{
    fake_monotonic_us = 1000000;
    fake_interruptions = 7;
    shared_clock_sleep_until_us(2000000);
    CHECK_NUMBER(fake_monotonic_us, 2000000);
    CHECK_NUMBER(fake_interruptions, 0);
}

int main(void)
{
    CHECK_RUN(test_elapsed);
    CHECK_RUN(test_now);
    CHECK_RUN(test_sleep);
    CHECK_RUN(test_sleep_interrupted);
    return check_report();
}
