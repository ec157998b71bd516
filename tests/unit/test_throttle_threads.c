#include "check.h"
#include "crowd.h"

#include <shared/throttle.h>

#include <stdlib.h>

#define LONG_MS 60000

static int inside, most_inside, refused, passed;
static int64_t times_us[CROWD * 8];

static void enter_and_leave(struct shared_throttle *throttle, int64_t wait_ms, int64_t stay_us)
{
    if (shared_throttle_enter(throttle, wait_ms, NULL, NULL) < 0) {
        __atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
        return;
    }
    times_us[__atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED)] = crowd_now_us();
    crowd_count_in(&inside, &most_inside);
    if (stay_us > 0)
        crowd_sleep_us(stay_us);
    __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
    shared_throttle_leave(throttle);
}

static void check_empty(const struct shared_throttle *throttle)
{
    CHECK_NUMBER(throttle->inside, 0);
    CHECK_NUMBER(throttle->waiting, 0);
    CHECK(!throttle->first);
}

static void begin(void)
{
    inside = most_inside = refused = passed = 0;
}

static void come_often(int number, void *user)
{
    for (int i = 0; i < 8; i++)
        enter_and_leave(user, LONG_MS, 100 * (number % 3));
}

/* Never more than the gate allows, and everybody comes through. */
static void test_gate(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(0, 0, 5);
    begin();
    CHECK(crowd_run(come_often, &throttle));
    CHECK_NUMBER(passed, CROWD * 8);
    CHECK_NUMBER(refused, 0);
    CHECK(most_inside >= 1 && most_inside <= 5);
    check_empty(&throttle);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* None goes before its token is there: the nth of all not before the time of n - burst tokens. */
static void test_rate_and_gate(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(2000, 10, 7);
    begin();
    int64_t begin_us = crowd_now_us();
    CHECK(crowd_run(come_often, &throttle));
    CHECK_NUMBER(passed, CROWD * 8);
    CHECK(most_inside <= 7);
    qsort(times_us, (size_t)passed, sizeof *times_us, compare);
    for (int i = 10; i < passed; i++)
        if (times_us[i] - begin_us < (i - 9) * 500 - 5)
            CHECK_NUMBER(times_us[i] - begin_us, (i - 9) * 500);
    check_empty(&throttle);
}

static void come_briefly(int number, void *user)
{
    for (int i = 0; i < 8; i++)
        enter_and_leave(user, number % 4, 300);
}

/* Many give up while others are called. */
static void test_giving_up(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(3000, 5, 3);
    begin();
    CHECK(crowd_run(come_briefly, &throttle));
    CHECK_NUMBER(passed + refused, CROWD * 8);
    CHECK(passed >= 3);
    CHECK(most_inside <= 3);
    check_empty(&throttle);
}

/* First come, first served: each joins the line once the one before stands in it. */
struct line {
    struct shared_throttle throttle;
    int next_to_go, out_of_order;
};

static int waiting(struct shared_throttle *throttle)
{
    pthread_mutex_lock(&throttle->lock);
    int count = throttle->waiting;
    pthread_mutex_unlock(&throttle->lock);
    return count;
}

static void stand_in_line(int number, void *user)
{
    struct line *line = user;
    while (waiting(&line->throttle) != number)
        crowd_sleep_us(200);
    if (number == CROWD - 1) {
        /* The last one sees the line complete and opens the gate instead of standing in it. */
        shared_throttle_leave(&line->throttle);
        return;
    }
    if (shared_throttle_enter(&line->throttle, LONG_MS, NULL, NULL) < 0 || line->next_to_go++ != number)
        __atomic_add_fetch(&line->out_of_order, 1, __ATOMIC_RELAXED);
    shared_throttle_leave(&line->throttle);
}

static void test_order(void)
{
    static struct line line = {.throttle = SHARED_THROTTLE_OF(0, 0, 1)};
    CHECK_NUMBER(shared_throttle_enter(&line.throttle, 0, NULL, NULL), 0);
    CHECK(crowd_run(stand_in_line, &line));
    CHECK_NUMBER(line.next_to_go, CROWD - 1);
    CHECK_NUMBER(line.out_of_order, 0);
    check_empty(&line.throttle);
}

/* The wait for a place ends when it should. */
static void test_wait_is_cut(void)
{
    struct shared_throttle throttle = SHARED_THROTTLE_OF(0, 0, 1);
    int64_t retry_after_ms = 0;
    CHECK_NUMBER(shared_throttle_enter(&throttle, 0, NULL, NULL), 0);
    int64_t begin_us = crowd_now_us();
    CHECK_NUMBER(shared_throttle_enter(&throttle, 20, &retry_after_ms, NULL), SHARED_ETOOBIG);
    int64_t waited_us = crowd_now_us() - begin_us;
    CHECK_NUMBER(retry_after_ms, 1000);
    CHECK(waited_us >= 20000);
    CHECK(waited_us < 10000000); /* a machine may be busy, but not for ever */
    shared_throttle_leave(&throttle);
    check_empty(&throttle);
}

int main(void)
{
    CHECK_RUN(test_gate);
    CHECK_RUN(test_rate_and_gate);
    CHECK_RUN(test_giving_up);
    CHECK_RUN(test_order);
    CHECK_RUN(test_wait_is_cut);
    return check_report();
}
