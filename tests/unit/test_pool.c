#include "check.h"

#include "base/pool.h"
#include "content/content_flight.h"

#include <stdatomic.h>
#include <time.h>

#define COUNT 2000

/* Checks are of one thread: the others count what is wrong. */
static atomic_uint done[COUNT], workers, wrong;
static size_t fails_from; /* every third from here on */

static int act(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    wrong += user != done || worker >= 30;
    atomic_fetch_add(&done[index], 1);
    atomic_fetch_or(&workers, 1u << worker);
    if (index >= fails_from && (index - fails_from) % 3 == 0)
        return shared_fail(err, SHARED_EPROTO, 0, "number %zu", index);
    return 0;
}

static void test_each_once(void)
{
    const unsigned threads[] = {1, 2, 7, 30};
    fails_from = COUNT;
    for (size_t i = 0; i < 4; i++) {
        memset(done, 0, sizeof(done));
        workers = 0;
        CHECK_NUMBER(pool_run(threads[i], COUNT, act, done, NULL), 0);
        bool once = true;
        for (size_t k = 0; k < COUNT; k++)
            once = once && done[k] == 1;
        CHECK(once && wrong == 0 && workers >> (threads[i] - 1) >> 1 == 0);
    }
    CHECK_NUMBER(pool_run(4, 0, act, done, NULL), 0);
    CHECK(pool_threads(0) >= 1 && pool_threads(3) == 3 && pool_threads(5000) == 30);
}

/* Whichever thread is first to fail, the first in order is what is told. */
static void test_first_failure(void)
{
    for (unsigned round = 0; round < 200; round++) {
        struct shared_error err;
        char expected[40];
        fails_from = round * 7 % COUNT;
        memset(done, 0, sizeof(done));
        snprintf(expected, sizeof(expected), "number %zu", fails_from);
        CHECK_NUMBER(pool_run(1 + round % 9, COUNT, act, done, &err), SHARED_EPROTO);
        CHECK_TEXT(err.text, expected);
        CHECK(done[COUNT - 1] == 0);
        CHECK_NUMBER(pool_run(1 + round % 9, COUNT, act, done, NULL), SHARED_EPROTO);
    }
}

static struct content_flight flight;
static atomic_size_t in_flight, most;

static int fly(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    size_t bytes = index % 97 == 5 ? 5000 : 10 + index % 50;
    (void)user, (void)worker, (void)err;
    if (!content_flight_enter(&flight, index, bytes))
        return SHARED_EIO;
    size_t now = atomic_fetch_add(&in_flight, bytes) + bytes, old = atomic_load(&most);
    while (now > old && !atomic_compare_exchange_weak(&most, &old, now))
        ;
    wrong += now > 200 && now != 5000;
    const struct timespec moment = {.tv_nsec = 20000};
    nanosleep(&moment, NULL);
    atomic_fetch_sub(&in_flight, bytes);
    content_flight_leave(&flight, bytes);
    return 0;
}

static void test_flight(void)
{
    content_flight_init(&flight, 200);
    CHECK_NUMBER(pool_run(12, COUNT, fly, NULL, NULL), 0);
    CHECK(wrong == 0 && most == 5000 && in_flight == 0 && flight.next == COUNT);
    content_flight_stop(&flight);
    CHECK(!content_flight_enter(&flight, COUNT + 7, 1));
    content_flight_clean_up(&flight);
}

int main(void)
{
    CHECK_RUN(test_each_once);
    CHECK_RUN(test_first_failure);
    CHECK_RUN(test_flight);
    return check_report();
}
