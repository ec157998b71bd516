#include "check.h"
#include "fake_clock.h"

#include <shared/breaker.h>

#include <limits.h>

/* Enters: 0, or how long the breaker asks to wait. */
static int64_t enter(struct shared_breaker *breaker)
{
    struct shared_error err = {0};
    int64_t retry_after_ms = 0;
    int code = shared_breaker_enter(breaker, &retry_after_ms, &err);
    if (code == 0)
        return 0;
    CHECK_NUMBER(code, SHARED_EIO);
    CHECK_NUMBER(err.code, SHARED_EIO);
    CHECK(retry_after_ms > 0);
    return retry_after_ms;
}

static void fail(struct shared_breaker *breaker, int times)
{
    for (int i = 0; i < times; i++) {
        CHECK_NUMBER(enter(breaker), 0);
        shared_breaker_leave(breaker, false);
    }
}

static void test_opens(void)
{
    struct shared_breaker breaker = SHARED_BREAKER("redis", 3, 1000);
    struct shared_error err = {0};
    fail(&breaker, 2);
    CHECK_NUMBER(enter(&breaker), 0);
    shared_breaker_leave(&breaker, true);
    fail(&breaker, 3);
    CHECK_NUMBER(enter(&breaker), 1000);
    fake_pass_us(400);
    CHECK_NUMBER(enter(&breaker), 1000);
    fake_pass_us(600);
    CHECK_NUMBER(enter(&breaker), 999);
    CHECK_NUMBER(shared_breaker_enter(&breaker, NULL, &err), SHARED_EIO);
    CHECK_TEXT(err.text, "redis failed 3 times in a row; it is asked again in 999 ms");
    CHECK_NUMBER(shared_breaker_enter(&breaker, NULL, NULL), SHARED_EIO);
    fake_pass_us(998999);
    CHECK_NUMBER(enter(&breaker), 1);
    fake_pass_us(1);
    CHECK_NUMBER(enter(&breaker), 0);
}

/* Half-open lets one through; what it tells decides. */
static void test_half_open(void)
{
    struct shared_breaker breaker = SHARED_BREAKER("redis", 2, 1000);
    fail(&breaker, 2);
    fake_pass_us(1000000);
    CHECK_NUMBER(enter(&breaker), 0);
    CHECK_NUMBER(enter(&breaker), 1000);
    fake_pass_us(300000);
    shared_breaker_leave(&breaker, false);
    CHECK_NUMBER(enter(&breaker), 1000);
    fake_pass_us(1000000);
    CHECK_NUMBER(enter(&breaker), 0);
    shared_breaker_leave(&breaker, true);
    fail(&breaker, 1);
    CHECK_NUMBER(enter(&breaker), 0);
    shared_breaker_leave(&breaker, true);
    fail(&breaker, 2);
    CHECK_NUMBER(enter(&breaker), 1000);
}

/* The one that was let through never comes back: its invocation was ended. */
static void test_lost(void)
{
    struct shared_breaker breaker = SHARED_BREAKER("redis", 1, 1000);
    fail(&breaker, 1);
    for (int i = 0; i < 3; i++) {
        fake_pass_us(1000000);
        CHECK_NUMBER(enter(&breaker), 0);
        CHECK_NUMBER(enter(&breaker), 1000);
    }
    /* A lost one comes back after all, and its word counts. */
    shared_breaker_leave(&breaker, true);
    CHECK_NUMBER(enter(&breaker), 0);
}

/* What went through before the breaker opened comes back while it is open. */
static void test_late(void)
{
    struct shared_breaker breaker = SHARED_BREAKER("redis", 2, 1000);
    for (int i = 0; i < 5; i++)
        CHECK_NUMBER(enter(&breaker), 0);
    shared_breaker_leave(&breaker, false);
    shared_breaker_leave(&breaker, false);
    fake_pass_us(500000);
    shared_breaker_leave(&breaker, false);
    CHECK_NUMBER(enter(&breaker), 500);
    shared_breaker_leave(&breaker, true);
    CHECK_NUMBER(enter(&breaker), 500);
    fake_pass_us(500000);
    CHECK_NUMBER(enter(&breaker), 0);
}

static void test_time(void)
{
    static const struct {
        const char *name;
        int64_t open_ms, monotonic_us, real_us, retry_after_ms;
    } rows[] = {
        {"both run", 1000, 999000, 999000, 1},
        {"frozen", 1000, 0, 1000000, 0},
        {"frozen for hours", 1000, 5, 7200000000, 0},
        {"clock set back", 1000, 400000, -3600000000, 600},
        {"both back", 1000, -5, -5, 1000},
        {"no time", 0, 0, 0, 0},
        {"less than none", -5, 0, 0, 0},
        {"the least", INT64_MIN, 0, 0, 0},
        {"for ever", INT64_MAX, 1000000, 1000000, INT64_MAX - 1000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_breaker breaker = SHARED_BREAKER("redis", 1, rows[i].open_ms);
        CHECK_ROW(rows[i].name);
        fail(&breaker, 1);
        int64_t before[] = {fake_monotonic_us, fake_real_us};
        fake_monotonic_us += rows[i].monotonic_us;
        fake_real_us += rows[i].real_us;
        CHECK_NUMBER(enter(&breaker), rows[i].retry_after_ms);
        fake_monotonic_us = before[0];
        fake_real_us = before[1];
    }
}

static void test_threshold(void)
{
    static const int thresholds[] = {INT_MIN, -1, 0, 1};
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        struct shared_breaker breaker = SHARED_BREAKER("redis", thresholds[i], 10);
        fail(&breaker, 1);
        CHECK_NUMBER(enter(&breaker), 10);
    }
    struct shared_breaker never = SHARED_BREAKER("redis", INT_MAX, 10);
    fail(&never, 1000);
    CHECK_NUMBER(enter(&never), 0);
}

int main(void)
{
    CHECK_RUN(test_opens);
    CHECK_RUN(test_half_open);
    CHECK_RUN(test_lost);
    CHECK_RUN(test_late);
    CHECK_RUN(test_time);
    CHECK_RUN(test_threshold);
    return check_report();
}
