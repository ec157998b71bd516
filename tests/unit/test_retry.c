#include "check.h"
#include "fake_clock.h"

#include <shared/retry.h>

#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>

#define DRAWS 30000

ssize_t __wrap_getrandom(void *buffer, size_t size_bytes, unsigned flags);

static uint64_t random_state, *next_random;
static bool has_no_random;

/* SplitMix64 from a seed that does not change, or what the test wants to be drawn. */
ssize_t __wrap_getrandom(void *buffer, size_t size_bytes, unsigned flags)
{
    if (has_no_random || size_bytes != sizeof random_state || !(flags & GRND_NONBLOCK)) {
        errno = EAGAIN;
        return -1;
    }
    uint64_t value = random_state += 0x9E3779B97F4A7C15u;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
    value = (value ^ value >> 27) * 0x94D049BB133111EBu;
    value ^= value >> 31;
    memcpy(buffer, next_random ? next_random : &value, size_bytes);
    return (ssize_t)size_bytes;
}

static int64_t in_ms(int64_t ms)
{
    return fake_real_us / 1000 + ms;
}

/* How long a wait took in all, -1 where there was none. */
static int64_t wait_us(struct shared_retry *retry, int64_t retry_after_ms)
{
    fake_slept_us = 0;
    int64_t before_us = fake_monotonic_us;
    bool waited = shared_retry_wait(retry, retry_after_ms);
    CHECK_NUMBER(fake_monotonic_us - before_us, fake_slept_us);
    return waited ? fake_slept_us : -1;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/*
 * Full jitter: the wait before attempt n + 1 is spread evenly from 0 to min(cap, base × 2^(n-1)). The largest
 * distance of the observed distribution from that one (Kolmogorov and Smirnov) stays below what 1 of 1,000
 * seeds would exceed, 1.95 / √n, and both ends occur.
 */
static void test_full_jitter(void)
{
    static const struct {
        const char *name;
        struct shared_retry_options options;
        int64_t most_ms[5];
    } rows[] = {
        {"defaults", {0}, {50, 100, 200, -1}},
        {"capped", {.attempts = 6, .base_ms = 100, .cap_ms = 250}, {100, 200, 250, 250, 250}},
        {"base above cap", {.attempts = 3, .base_ms = 1000, .cap_ms = 300}, {300, 300, -1}},
    };
    static int64_t waits[5][DRAWS];
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        CHECK_ROW(rows[row].name);
        random_state = 42;
        for (int i = 0; i < DRAWS; i++) {
            struct shared_retry retry;
            shared_retry_init(&retry, &rows[row].options, INT64_MAX);
            for (int n = 0; n < 5; n++)
                waits[n][i] = wait_us(&retry, -1);
        }
        for (int n = 0; n < 5 && rows[row].most_ms[n] > 0; n++) {
            int64_t most_ms = rows[row].most_ms[n];
            double worst = 0;
            qsort(waits[n], DRAWS, sizeof **waits, compare);
            CHECK_NUMBER(waits[n][0], 0);
            CHECK_NUMBER(waits[n][DRAWS - 1], most_ms * 1000);
            for (int i = 0; i + 1 < DRAWS; i++) {
                CHECK(waits[n][i] % 1000 == 0);
                if (waits[n][i] == waits[n][i + 1])
                    continue;
                double expected = (double)(waits[n][i] / 1000 + 1) / (double)(most_ms + 1);
                double distance = (i + 1) / (double)DRAWS - expected;
                worst = distance > worst ? distance : -distance > worst ? -distance : worst;
            }
            CHECK(worst * 173.2 < 1.95); /* √30,000 */
        }
        CHECK_NUMBER(waits[4][0], rows[row].most_ms[3] < 0 || rows[row].most_ms[2] < 0 ? -1 : 0);
    }
}

/* Waits as long as it may, again and again: the waits of a table, then none. */
static void test_longest_waits(void)
{
    static const struct {
        const char *name;
        struct shared_retry_options options;
        int64_t left_ms; /* until the deadline; INT64_MAX: none */
        int64_t waits_ms[7];
    } rows[] = {
        {"defaults", {0}, INT64_MAX, {50, 100, 200, -1}},
        {"one attempt", {.attempts = 1}, INT64_MAX, {-1}},
        {"no attempt", {.attempts = -1}, INT64_MAX, {-1}},
        {"no wait", {.attempts = 3, .base_ms = -1}, INT64_MAX, {0, 0, -1}},
        {"no cap", {.attempts = 3, .cap_ms = -1}, INT64_MAX, {0, 0, -1}},
        {"cap", {.attempts = 7, .base_ms = 1000}, INT64_MAX, {1000, 2000, 2000, 2000, 2000, 1000, -1}},
        {"budget", {.attempts = 9, .budget_ms = 120}, INT64_MAX, {50, 70, -1}},
        {"no budget", {.budget_ms = -1}, INT64_MAX, {-1}},
        {"budget of 1", {.budget_ms = 1}, INT64_MAX, {1, -1}},
        {"half of what is left", {.attempts = 9, .base_ms = 400}, 1200, {400, 200, -1}},
        {"near the deadline", {.attempts = 9, .budget_ms = 5000}, 400, {50, 100, -1}},
        {"margin", {.attempts = 9, .budget_ms = 5000, .margin_ms = 380}, 400, {20, -1}},
        {"no margin", {.attempts = 9, .budget_ms = 5000, .margin_ms = -5}, 100, {50, 50, -1}},
        {"margin left", {0}, 250, {-1}},
        {"a little more", {0}, 251, {1, -1}},
        {"deadline now", {0}, 0, {-1}},
        {"deadline past", {.budget_ms = 100}, -5000, {-1}},
        {"long past", {.budget_ms = 100}, INT64_MIN, {-1}},
        {"far away", {.base_ms = INT_MAX, .cap_ms = INT_MAX}, INT64_MAX / 4000, {INT_MAX, -1}},
        {"farther than microseconds", {.attempts = 2}, INT64_MAX - 1, {50, -1}},
        {"all at most", {INT_MAX, INT_MAX, INT_MAX, INT_MAX, INT_MAX}, INT64_MAX, {INT_MAX, -1}},
        {"all at least", {INT_MIN, INT_MIN, INT_MIN, INT_MIN, INT_MIN}, 1000, {-1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].name);
        struct shared_retry retry;
        int64_t left_ms = rows[i].left_ms, deadline_ms = left_ms;
        if (left_ms > INT64_MIN && left_ms < INT64_MAX / 2)
            deadline_ms = in_ms(left_ms);
        shared_retry_init(&retry, &rows[i].options, deadline_ms);
        int64_t sum_ms = 0;
        for (int n = 0; n < 7; n++) {
            CHECK_NUMBER(retry.attempt, n + 1);
            CHECK_NUMBER(retry.waited_ms, sum_ms);
            /* What is drawn is the remainder by the number of possible waits: let it be the last one. */
            int64_t wanted_ms = rows[i].waits_ms[n];
            uint64_t draw = wanted_ms < 0 ? 0 : (uint64_t)wanted_ms;
            next_random = &draw;
            int64_t us = wait_us(&retry, -1);
            next_random = NULL;
            CHECK_NUMBER(us, wanted_ms < 0 ? -1 : wanted_ms * 1000);
            if (wanted_ms < 0)
                break;
            sum_ms += wanted_ms;
        }
        CHECK_NUMBER(wait_us(&retry, 0) < 0 || retry.waited_ms == sum_ms, 1);
    }
}

/* Never beyond a bound, whatever is drawn. */
static void test_bounds(void)
{
    random_state = 7;
    for (int i = 0; i < 2000; i++) {
        struct shared_retry retry;
        struct shared_retry_options options = {.attempts = 20, .base_ms = 1 + i % 100, .budget_ms = 700};
        int64_t end_us = fake_monotonic_us + 1000000 - 250000;
        shared_retry_init(&retry, &options, in_ms(1000));
        int attempts = 1;
        while (shared_retry_wait(&retry, i % 3 == 0 ? i % 40 : -1)) {
            attempts++;
            fake_pass_us(3000);
            CHECK(retry.waited_ms <= 700);
        }
        CHECK(fake_monotonic_us <= end_us + 3000);
        CHECK(attempts > 1);
        CHECK_NUMBER(retry.attempt, attempts);
        CHECK(attempts == 20 || retry.waited_ms == 700 || end_us - fake_monotonic_us < 40000 || i % 3 == 0);
    }
}

static void test_retry_after(void)
{
    static const struct {
        const char *name;
        int64_t retry_after_ms, left_ms, least_us, most_us;
    } rows[] = {
        {"none", -1, INT64_MAX, 0, 50000},
        {"at once", 0, INT64_MAX, 0, 50000},
        {"less than may be drawn", 20, INT64_MAX, 20000, 50000},
        {"more than may be drawn", 3000, INT64_MAX, 3000000, 3000000},
        {"all of the budget", 10000, INT64_MAX, 10000000, 10000000},
        {"beyond the budget", 10001, INT64_MAX, -1, -1},
        {"half until the deadline", 1000, 2000, 1000000, 1000000},
        {"beyond half of it", 1001, 2000, -1, -1},
        {"right before the margin", 100, 350, 100000, 100000},
        {"into the margin", 101, 350, -1, -1},
        {"for ever", INT64_MAX, INT64_MAX, -1, -1},
        {"below all", INT64_MIN, INT64_MAX, 0, 50000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].name);
        for (int n = 0; n < 100; n++) {
            struct shared_retry retry;
            bool has_deadline = rows[i].left_ms != INT64_MAX;
            struct shared_retry_options options = {.budget_ms = rows[i].left_ms == 350 ? 5000 : 0};
            shared_retry_init(&retry, &options, has_deadline ? in_ms(rows[i].left_ms) : INT64_MAX);
            int64_t us = wait_us(&retry, rows[i].retry_after_ms);
            CHECK(us >= rows[i].least_us && us <= rows[i].most_us);
            CHECK_NUMBER(retry.attempt, us < 0 ? 1 : 2);
        }
    }
}

/* The deadline is brought to the monotonic clock at init: the other one may jump. */
static void test_clock_set(void)
{
    static const int64_t jumps_us[] = {0, 3600000000, -3600000000, -1783000000000000};
    uint64_t longest = 50;
    next_random = &longest;
    for (size_t i = 0; i < sizeof jumps_us / sizeof *jumps_us; i++) {
        struct shared_retry retry;
        struct shared_retry_options options = {
            .attempts = 10, .base_ms = 50, .cap_ms = 50, .budget_ms = 5000};
        int64_t before_us = fake_real_us;
        shared_retry_init(&retry, &options, in_ms(450));
        for (int n = 0; n < 4; n++) {
            CHECK_NUMBER(wait_us(&retry, -1), 50000);
            fake_real_us += jumps_us[i];
        }
        CHECK_NUMBER(wait_us(&retry, -1), -1);
        fake_real_us = before_us;
    }
    next_random = NULL;
}

static void test_signal(void)
{
    struct shared_retry retry;
    shared_retry_init(&retry, NULL, INT64_MAX);
    fake_interruptions = 5;
    CHECK_NUMBER(wait_us(&retry, 1000), 1000000);
    CHECK_NUMBER(fake_interruptions, 0);
}

/* Where the kernel has no random bytes, the waits still lie within their bounds and differ. */
static void test_no_random(void)
{
    bool seen[51] = {false};
    int different = 0;
    has_no_random = true;
    for (int i = 0; i < 500; i++) {
        struct shared_retry retry;
        shared_retry_init(&retry, NULL, INT64_MAX);
        int64_t ms = wait_us(&retry, -1) / 1000;
        CHECK(ms >= 0 && ms <= 50);
        different += !seen[ms];
        seen[ms] = true;
        fake_pass_us(1237);
    }
    has_no_random = false;
    CHECK(different > 25);
}

int main(void)
{
    CHECK_RUN(test_full_jitter);
    CHECK_RUN(test_longest_waits);
    CHECK_RUN(test_bounds);
    CHECK_RUN(test_retry_after);
    CHECK_RUN(test_clock_set);
    CHECK_RUN(test_signal);
    CHECK_RUN(test_no_random);
    return check_report();
}
