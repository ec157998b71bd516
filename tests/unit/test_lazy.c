/* Values made on first use: once, whoever asks, and again only where making failed. Clocks are the test's. */
#include <shared/lazy.h>

#include <check.h>

#include <time.h>
#include <unistd.h>

static int64_t jump_us; /* added to CLOCK_MONOTONIC */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int status = __real_clock_gettime(clock, now);
    if (clock == CLOCK_MONOTONIC) {
        int64_t us =
            now->tv_sec * 1000000LL + now->tv_nsec / 1000 + __atomic_load_n(&jump_us, __ATOMIC_RELAXED);
        now->tv_sec = (time_t)(us / 1000000);
        now->tv_nsec = us % 1000000 * 1000;
    }
    return status;
}

static int makings, failures_left;

/* Counts, takes a millisecond of the clock, and fails as often as it is told to. */
static int make_number(void *user, void **value, struct shared_error *err)
{
    makings++;
    __atomic_fetch_add(&jump_us, 1000, __ATOMIC_RELAXED);
    *value = user;
    if (failures_left > 0) {
        failures_left--;
        return shared_fail(err, SHARED_EIO, 0, "attempt %d", makings);
    }
    return 0;
}

static void test_once(void)
{
    int number = 7;
    struct shared_lazy lazy = SHARED_LAZY("number", make_number, &number);
    struct shared_lazy_making making;
    struct shared_error err = {0};
    void *value = NULL;
    makings = 0;
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, &making, &err), 0);
    CHECK(value == &number);
    CHECK(making.tried && making.took_us >= 1000 && making.took_us < 10000000);
    value = NULL;
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, &making, NULL), 0);
    CHECK(value == &number);
    CHECK(!making.tried && making.took_us == 0);
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, NULL, NULL), 0);
    CHECK_NUMBER(makings, 1);
}

static void test_not_before_use(void)
{
    makings = 0;
    static struct shared_lazy lazy = SHARED_LAZY("number", make_number, NULL);
    CHECK_NUMBER(makings, 0);
    void *value = &lazy;
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, NULL, NULL), 0);
    CHECK(value == NULL); /* a value like any other */
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, NULL, NULL), 0);
    CHECK_NUMBER(makings, 1);
}

static void test_failure(void)
{
    int number = 7;
    struct shared_lazy lazy = SHARED_LAZY("number", make_number, &number);
    struct shared_lazy_making making;
    struct shared_error err = {0};
    void *value = &lazy;
    makings = 0;
    failures_left = 2;
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, &making, &err), SHARED_EIO);
    CHECK(value == NULL); /* whatever make left there */
    CHECK_TEXT(err.text, "attempt 1");
    CHECK(making.tried && making.took_us >= 1000);
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, NULL, NULL), SHARED_EIO);
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, &making, &err), 0);
    CHECK(value == &number && making.tried);
    CHECK_NUMBER(makings, 3);
}

static int make_mute(void *user, void **value, struct shared_error *err)
{
    (void)value, (void)err;
    return *(int *)user;
}

/* An error of before is not that of a make which sets none. */
static void test_mute_failure(void)
{
    int status = -42;
    struct shared_lazy lazy = SHARED_LAZY("mute", make_mute, &status);
    struct shared_error err = {.code = SHARED_ETOOBIG, .text = "old"};
    void *value;
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, NULL, &err), -42);
    CHECK_NUMBER(err.code, -42);
    CHECK_TEXT(err.text, "mute cannot be made");
    CHECK_NUMBER(shared_error_wrap(&err, "wrapped"), -42);
    status = 3;
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, NULL, &err), 0);
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, NULL, &err), 0);
}

static int make_while_clock_goes_back(void *user, void **value, struct shared_error *err)
{
    (void)err;
    __atomic_fetch_sub(&jump_us, 3600000000, __ATOMIC_RELAXED);
    *value = user;
    return 0;
}

static void test_clock_jumps(void)
{
    struct shared_lazy lazy = SHARED_LAZY("back", make_while_clock_goes_back, NULL);
    struct shared_lazy_making making;
    void *value;
    CHECK_NUMBER(shared_lazy_get(&lazy, &value, &making, NULL), 0);
    CHECK(making.tried);
    CHECK_NUMBER(making.took_us, 0);
}

/* A value that needs another one, or itself, or one that needs it. */
static int make_from(void *user, void **value, struct shared_error *err)
{
    *value = user;
    if (shared_lazy_get(user, value, NULL, err) < 0)
        return shared_error_wrap(err, "inner");
    return 0;
}

static void test_recursion(void)
{
    static struct shared_lazy self = SHARED_LAZY("self", make_from, &self);
    static struct shared_lazy a, b = SHARED_LAZY("b", make_from, &a);
    a = (struct shared_lazy)SHARED_LAZY("a", make_from, &b);
    struct shared_error err = {0};
    void *value;
    for (int i = 0; i < 2; i++) {
        CHECK_NUMBER(shared_lazy_get(&self, &value, NULL, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, "inner: self needs itself");
    }
    CHECK_NUMBER(shared_lazy_get(&a, &value, NULL, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "inner: inner: a needs itself");
    CHECK_NUMBER(shared_lazy_get(&self, &value, NULL, NULL), SHARED_EINVAL);
}

static void test_nested(void)
{
    int number = 7;
    struct shared_lazy inner = SHARED_LAZY("inner", make_number, &number);
    struct shared_lazy outer = SHARED_LAZY("outer", make_from, &inner);
    void *value = NULL;
    CHECK_NUMBER(shared_lazy_get(&outer, &value, NULL, NULL), 0);
    CHECK(value == &number);
}

#define THREADS 16

static int made_by_threads, tries, failed_gets;
static pthread_barrier_t barrier;

static int make_slowly(void *user, void **value, struct shared_error *err)
{
    usleep(2000);
    *value = user;
    if (__atomic_add_fetch(&made_by_threads, 1, __ATOMIC_RELAXED) <= 3)
        return shared_fail(err, SHARED_EIO, 0, "not yet");
    *(int *)user = 7; /* seen by whoever gets the value */
    return 0;
}

static void *get_value(void *lazy)
{
    void *value = NULL;
    struct shared_lazy_making making;
    struct shared_error err;
    pthread_barrier_wait(&barrier);
    int status = shared_lazy_get(lazy, &value, &making, &err);
    if (making.tried)
        __atomic_fetch_add(&tries, 1, __ATOMIC_RELAXED);
    if (status == SHARED_EIO && !value && strcmp(err.text, "not yet") == 0 && making.tried)
        __atomic_fetch_add(&failed_gets, 1, __ATOMIC_RELAXED);
    else if (status != 0 || *(int *)value != 7)
        __atomic_fetch_add(&failed_gets, 1000, __ATOMIC_RELAXED);
    return NULL;
}

/* All come at once; the first three find that it fails, each for itself; one makes it; the others wait. */
static void test_threads(void)
{
    int number = 0;
    struct shared_lazy lazy = SHARED_LAZY("number", make_slowly, &number);
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        CHECK_NUMBER(pthread_create(&threads[i], NULL, get_value, &lazy), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    CHECK_NUMBER(made_by_threads, 4);
    CHECK_NUMBER(tries, 4);
    CHECK_NUMBER(failed_gets, 3);
}

int main(void)
{
    CHECK_RUN(test_once);
    CHECK_RUN(test_not_before_use);
    CHECK_RUN(test_failure);
    CHECK_RUN(test_mute_failure);
    CHECK_RUN(test_clock_jumps);
    CHECK_RUN(test_recursion);
    CHECK_RUN(test_nested);
    CHECK_RUN(test_threads);
    return check_report();
}
