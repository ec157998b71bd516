#include "check.h"
#include "crowd.h"

#include <shared/breaker.h>

#define OPEN_MS 60000 /* longer than a crowd is under way */

static int through, odd_waits;

static void enter_once(int number, void *user)
{
    (void)number;
    int64_t retry_after_ms = -1;
    if (shared_breaker_enter(user, &retry_after_ms, NULL) == 0)
        __atomic_add_fetch(&through, 1, __ATOMIC_RELAXED);
    else if (retry_after_ms < 1 || retry_after_ms > OPEN_MS)
        __atomic_add_fetch(&odd_waits, 1, __ATOMIC_RELAXED);
}

static void check_through(struct shared_breaker *breaker, int expected)
{
    through = 0;
    CHECK(crowd_run(enter_once, breaker));
    CHECK_NUMBER(through, expected);
    CHECK_NUMBER(odd_waits, 0);
}

/* As if it had opened so much earlier. */
static void let_time_pass(struct shared_breaker *breaker)
{
    breaker->opened_us[0] -= (int64_t)OPEN_MS * 1000;
    breaker->opened_us[1] -= (int64_t)OPEN_MS * 1000;
}

/* Half-open lets exactly one through, however many come at once and whatever became of the one before. */
static void test_half_open(void)
{
    struct shared_breaker breaker = SHARED_BREAKER("redis", 3, OPEN_MS);
    for (int i = 0; i < 3; i++) {
        CHECK_NUMBER(shared_breaker_enter(&breaker, NULL, NULL), 0);
        shared_breaker_leave(&breaker, false);
    }
    check_through(&breaker, 0);
    for (int round = 0; round < 6; round++) {
        let_time_pass(&breaker);
        check_through(&breaker, 1);
        if (round % 2)
            shared_breaker_leave(&breaker, false);
        check_through(&breaker, 0);
    }
    let_time_pass(&breaker);
    check_through(&breaker, 1);
    shared_breaker_leave(&breaker, true);
    check_through(&breaker, CROWD);
}

static void enter_and_leave(int number, void *user)
{
    for (int i = 0; i < 500; i++) {
        if (shared_breaker_enter(user, NULL, NULL) < 0)
            continue;
        __atomic_add_fetch(&through, 1, __ATOMIC_RELAXED);
        shared_breaker_leave(user, (number + i) % 3 != 0);
    }
}

static void test_mixed(void)
{
    struct shared_breaker breaker = SHARED_BREAKER("redis", 3, 1);
    through = 0;
    CHECK(crowd_run(enter_and_leave, &breaker));
    CHECK(through > 0);
    crowd_sleep_us(2000);
    CHECK_NUMBER(shared_breaker_enter(&breaker, NULL, NULL), 0);
    shared_breaker_leave(&breaker, true);
    CHECK_NUMBER(breaker.state, SHARED_BREAKER_CLOSED);
}

int main(void)
{
    CHECK_RUN(test_half_open);
    CHECK_RUN(test_mixed);
    return check_report();
}
