#include "check.h"
#include "fake_clock.h"

#include <shared/throttle.h>

#include <limits.h>
#include <linux/futex.h>
#include <math.h>
#include <stdarg.h>
#include <sys/syscall.h>

long __wrap_syscall(long number, ...);

/* What the other threads of these tests do while one waits for a place, once: after so long they leave. */
static struct shared_throttle *full;
static int64_t leave_after_us = -1, jump_us;

/* Or else this happens, once. */
static void (*meanwhile)(void);

/* A futex waits until a time of the monotonic clock, or is called; signals and false calls may come first. */
long __wrap_syscall(long number, ...)
{
    va_list arguments;
    va_start(arguments, number);
    uint32_t *word = va_arg(arguments, uint32_t *);
    int operation = va_arg(arguments, int);
    int value = va_arg(arguments, int);
    const struct timespec *end = va_arg(arguments, const struct timespec *);
    va_end(arguments);
    CHECK_NUMBER(number, SYS_futex);
    if (operation == FUTEX_WAKE_PRIVATE)
        return value;
    CHECK_NUMBER(operation, FUTEX_WAIT_BITSET_PRIVATE);
    CHECK_NUMBER(*word, value);
    CHECK(end->tv_nsec >= 0 && end->tv_nsec < 1000000000);
    if (fake_interruptions > 0) {
        errno = fake_interruptions % 2 ? EINTR : 0;
        return fake_interruptions-- % 2 ? -1 : 0;
    }
    if (meanwhile) {
        void (*happens)(void) = meanwhile;
        meanwhile = NULL;
        happens();
        return 0;
    }
    int64_t end_us = end->tv_sec * 1000000 + end->tv_nsec / 1000;
    bool leaves = leave_after_us >= 0 && fake_monotonic_us + leave_after_us <= end_us;
    fake_pass_us(leaves ? leave_after_us : end_us - fake_monotonic_us);
    leave_after_us = -1;
    errno = ETIMEDOUT;
    if (!leaves)
        return -1;
    fake_monotonic_us += jump_us;
    shared_throttle_leave(full);
    return 0;
}

/* Enters: 0, or how long the throttle asks to wait. */
static int64_t enter(struct shared_throttle *throttle, int64_t wait_ms)
{
    struct shared_error err = {0};
    int64_t retry_after_ms = 0;
    int code = shared_throttle_enter(throttle, wait_ms, &retry_after_ms, &err);
    if (code == 0)
        return 0;
    CHECK_NUMBER(code, SHARED_ETOOBIG);
    CHECK_NUMBER(err.code, SHARED_ETOOBIG);
    CHECK(retry_after_ms > 0);
    return retry_after_ms;
}

/* How many go through without waiting. */
static int count(struct shared_throttle *throttle)
{
    int passed = 0;
    while (passed < 5000 && enter(throttle, 0) == 0) {
        shared_throttle_leave(throttle);
        passed++;
    }
    return passed;
}

static void test_defaults(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE;
    for (int i = 0; i < 100; i++)
        CHECK_NUMBER(enter(&throttle, 0), 0);
    CHECK_NUMBER(enter(&throttle, 0), 1000);
    for (int i = 0; i < 100; i++)
        shared_throttle_leave(&throttle);
    CHECK_NUMBER(count(&throttle), 900);
    CHECK_NUMBER(enter(&throttle, 0), 1);
    fake_pass_us(1000000);
    CHECK_NUMBER(count(&throttle), 1000);
}

static void test_refill(void)
{
    static const struct {
        const char *name;
        double rate, burst;
        int first;
        int64_t passed_us;
        int then;
        int64_t retry_after_ms;
    } rows[] = {
        {"one a second", 1, 1, 1, 1000000, 1, 1000},
        {"not quite", 1, 1, 1, 999999, 0, 1},
        {"half", 1, 1, 1, 500000, 0, 500},
        {"never above burst", 10, 3, 3, 3600000000, 3, 100},
        {"frozen for a year", 10, 3, 3, INT64_C(31536000000000), 3, 100},
        {"burst of 0", 10, 0, 1, 100000, 1, 100},
        {"burst below 0", 10, -7, 1, 100000, 1, 100},
        {"burst of no number", 10, NAN, 1, 100000, 1, 100},
        {"broken burst", 10, 2.5, 2, 50000, 1, 100},
        {"slow", 0.1, 1, 1, 5000000, 0, 5000},
        {"almost never", 1e-300, 1, 1, 1000000, 0, 1000000000000},
        {"fast", 1e9, 1, 1, 1, 1, 1},
        {"clock set back", 10, 2, 2, -3600000000, 0, 100},
        {"clock stands still", 10, 2, 2, 0, 0, 100},
        {"no bucket", 0, 1, 5000, 0, 5000, 0},
        {"rate below 0", -5, 1, 5000, 0, 5000, 0},
        {"rate of no number", NAN, 1, 5000, 0, 5000, 0},
        {"boundless burst", 1, INFINITY, 5000, 0, 5000, 0},
        {"boundless both", INFINITY, INFINITY, 5000, 0, 5000, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_throttle throttle = SHARED_THROTTLE_OF(rows[i].rate, rows[i].burst, 0);
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(count(&throttle), rows[i].first);
        int64_t before_us = fake_monotonic_us;
        fake_monotonic_us += rows[i].passed_us;
        CHECK_NUMBER(count(&throttle), rows[i].then);
        CHECK_NUMBER(enter(&throttle, 0), rows[i].retry_after_ms);
        fake_monotonic_us = before_us;
    }
}

/* After a jump back the bucket fills again at its rate. */
static void test_after_jump(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(10, 5, 0);
    CHECK_NUMBER(count(&throttle), 5);
    fake_monotonic_us -= 900000000;
    CHECK_NUMBER(count(&throttle), 0);
    fake_pass_us(300000);
    CHECK_NUMBER(count(&throttle), 3);
    fake_monotonic_us += 900000000;
    CHECK_NUMBER(count(&throttle), 5);
}

/* Over a long time exactly rate × time go through, however the time is cut; only the burst comes on top. */
static void test_rate_is_kept(void)
{
    static const int64_t steps_us[] = {1, 7, 333, 1000, 12345};
    for (size_t i = 0; i < sizeof steps_us / sizeof *steps_us; i++) {
        struct shared_throttle throttle = SHARED_THROTTLE_OF(1000, 20, 0);
        int64_t passed = count(&throttle), begin_us = fake_monotonic_us;
        CHECK_NUMBER(passed, 20);
        for (int n = 0; n < 50000; n++) {
            fake_pass_us(steps_us[i]);
            passed += count(&throttle);
        }
        int64_t expected = 20 + (fake_monotonic_us - begin_us) / 1000;
        CHECK(passed == expected || passed == expected - 1);
    }
}

static void test_wait_for_token(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(10, 1, 0);
    CHECK_NUMBER(enter(&throttle, 0), 0);
    int64_t begin_us = fake_monotonic_us;
    CHECK_NUMBER(enter(&throttle, 99), 100);
    CHECK_NUMBER(fake_monotonic_us, begin_us);
    CHECK_NUMBER(enter(&throttle, 100), 0);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 100000);
    fake_interruptions = 3;
    CHECK_NUMBER(enter(&throttle, INT64_MAX), 0);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 200000);
    CHECK_NUMBER(enter(&throttle, INT64_MIN), 100);
    CHECK_NUMBER(enter(&throttle, -1), 100);
    CHECK_NUMBER(shared_throttle_enter(&throttle, 0, NULL, NULL), SHARED_ETOOBIG);
    struct shared_error err;
    CHECK_NUMBER(shared_throttle_enter(&throttle, 0, NULL, &err), SHARED_ETOOBIG);
    CHECK_TEXT(err.text, "too many requests a second: try again in 100 ms");
    CHECK_NUMBER(fake_monotonic_us, begin_us + 200000);
}

static void test_gate(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(0, 0, 2);
    struct shared_error err;
    full = &throttle;
    CHECK_NUMBER(enter(&throttle, 0), 0);
    CHECK_NUMBER(enter(&throttle, 0), 0);
    CHECK_NUMBER(enter(&throttle, 0), 1000);
    CHECK_NUMBER(shared_throttle_enter(&throttle, -5, NULL, &err), SHARED_ETOOBIG);
    CHECK_TEXT(err.text, "too many requests at once: try again in 1000 ms");

    int64_t begin_us = fake_monotonic_us;
    CHECK_NUMBER(enter(&throttle, 250), 1000);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 250000);
    fake_interruptions = 4;
    leave_after_us = 30000;
    CHECK_NUMBER(enter(&throttle, 250), 0);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 280000);
    CHECK_NUMBER(enter(&throttle, 0), 1000);
    shared_throttle_leave(&throttle);
    CHECK_NUMBER(enter(&throttle, 0), 0);
    CHECK_NUMBER(enter(&throttle, 0), 1000);
    shared_throttle_leave(&throttle);
    shared_throttle_leave(&throttle);
    CHECK_NUMBER(throttle.inside, 0);
    CHECK(!throttle.first);
    CHECK_NUMBER(throttle.waiting, 0);
}

static void test_no_gate(void)
{
    static const int none[] = {0, -1, INT_MIN};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct shared_throttle throttle = SHARED_THROTTLE_OF(0, 0, none[i]);
        for (int n = 0; n < 1000; n++)
            CHECK_NUMBER(enter(&throttle, 0), 0);
    }
}

static void test_place_and_token(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(10, 1, 1);
    full = &throttle;
    CHECK_NUMBER(enter(&throttle, 0), 0);
    int64_t begin_us = fake_monotonic_us;

    /* The token is there after 100 ms, the place after 30: it waits for the later. */
    leave_after_us = 30000;
    CHECK_NUMBER(enter(&throttle, 150), 0);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 100000);

    /* The other way round. */
    leave_after_us = 130000;
    CHECK_NUMBER(enter(&throttle, 150), 0);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 230000);

    /* A token that would be too late is said at once, though there is no place either. */
    CHECK_NUMBER(enter(&throttle, 50), 100);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 230000);

    /* Who gives up waiting for a place leaves the token to others. */
    CHECK_NUMBER(enter(&throttle, 200), 1000);
    CHECK_NUMBER(fake_monotonic_us, begin_us + 430000);
    shared_throttle_leave(&throttle);
    CHECK_NUMBER(enter(&throttle, 0), 0);
    CHECK_NUMBER(throttle.inside, 1);
    CHECK_NUMBER(throttle.waiting, 0);
}

static bool came_between;

/* Another thread enters, later, before who looked at the clock first has got that far. */
static void come_between(void)
{
    if (pthread_mutex_trylock(&full->lock) != 0)
        return;
    pthread_mutex_unlock(&full->lock);
    came_between = true;
    fake_pass_us(50000);
    CHECK_NUMBER(enter(full, 0), 50);
}

static void test_time_is_counted_once(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(10, 1, 0);
    full = &throttle;
    CHECK_NUMBER(enter(&throttle, 0), 0);
    fake_looked = come_between;
    CHECK(enter(&throttle, 0) > 0);
    if (!came_between) {
        fake_pass_us(50000);
        CHECK_NUMBER(enter(&throttle, 0), 50);
    }
    fake_pass_us(10000);
    CHECK_NUMBER(enter(&throttle, 0), 40);
}

static int64_t second_waits_ms, second_result;

static void leave_both(void)
{
    fake_pass_us(90000);
    shared_throttle_leave(full);
    shared_throttle_leave(full);
}

static void enter_second(void)
{
    meanwhile = leave_both;
    second_result = enter(full, second_waits_ms);
}

/*
 * Two places come free at once when the bucket, which holds one token, has one for the first in the line: the
 * second has its token in 100 ms, and is told at once where that is later than it would wait.
 */
static void test_token_behind_place(void)
{
    static const struct {
        const char *name;
        int64_t waits_ms, result, slept_us;
        int inside;
    } rows[] = {
        {"too late", 100, 100, 90000, 1},
        {"by a millisecond", 189, 100, 90000, 1},
        {"in time", 190, 0, 190000, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_throttle throttle = SHARED_THROTTLE_OF(10, 1, 2);
        CHECK_ROW(rows[i].name);
        full = &throttle;
        CHECK_NUMBER(enter(&throttle, 0), 0);
        CHECK_NUMBER(enter(&throttle, 100), 0);
        fake_pass_us(100000);
        int64_t begin_us = fake_monotonic_us;
        second_waits_ms = rows[i].waits_ms;
        meanwhile = enter_second;
        CHECK_NUMBER(enter(&throttle, 100), 0);
        CHECK_NUMBER(second_result, rows[i].result);
        CHECK_NUMBER(fake_monotonic_us, begin_us + rows[i].slept_us);
        CHECK_NUMBER(throttle.inside, rows[i].inside);
        CHECK_NUMBER(throttle.waiting, 0);
        CHECK(!throttle.first);
    }
}

/* The clock is set back while one waits: it goes when it is called and its token is there. */
static void test_jump_in_line(void)
{
    static const int64_t jumps_us[] = {-500000000, -20000, 20000, 500000000};
    for (size_t i = 0; i < sizeof jumps_us / sizeof *jumps_us; i++) {
        struct shared_throttle throttle = SHARED_THROTTLE_OF(10, 1, 1);
        full = &throttle;
        CHECK_NUMBER(enter(&throttle, 0), 0);
        leave_after_us = 30000;
        jump_us = jumps_us[i];
        int64_t begin_us = fake_monotonic_us;
        CHECK_NUMBER(enter(&throttle, 1000), 0);
        jump_us = 0;
        int64_t slept_us = fake_monotonic_us - jumps_us[i] - begin_us - 30000;
        CHECK(slept_us >= 0 && slept_us <= 100000);
        shared_throttle_leave(&throttle);
        CHECK_NUMBER(throttle.inside, 0);
    }
}

int main(void)
{
    CHECK_RUN(test_defaults);
    CHECK_RUN(test_refill);
    CHECK_RUN(test_after_jump);
    CHECK_RUN(test_rate_is_kept);
    CHECK_RUN(test_wait_for_token);
    CHECK_RUN(test_gate);
    CHECK_RUN(test_no_gate);
    CHECK_RUN(test_place_and_token);
    CHECK_RUN(test_time_is_counted_once);
    CHECK_RUN(test_token_behind_place);
    CHECK_RUN(test_jump_in_line);
    return check_report();
}
