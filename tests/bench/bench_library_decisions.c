/* bench_library_decisions.c - what stands before each use of a peer: cache, throttle, breaker, lazy. */
#include "bench_base.h"
#include "bench_library.h"

#include <shared/breaker.h>
#include <shared/cache.h>
#include <shared/lazy.h>
#include <shared/throttle.h>

#include <stdio.h>
#include <string.h>

static struct {
    struct shared_cache cache;
    size_t count;
    char keys[SHARED_CACHE_CAPACITY_LIMIT][32];
} cached;

static int make_object(void *user, const char *key, const void *borrower, void **object,
                       struct shared_error *err)
{
    (void)borrower;
    (void)user, (void)err;
    *object = (void *)key;
    return 0;
}

/* As a cache of connections is used: all bounds are set, so that the clocks are looked at. */
static void fill_cache(size_t capacity)
{
    struct shared_cache_options options = {.capacity = capacity,
                                           .ttl_ms = 3600000,
                                           .idle_ms = 600000,
                                           .check_after_ms = 60000,
                                           .make = make_object};
    struct shared_cache_loan loan;
    struct shared_error err;
    if (shared_cache_init(&cached.cache, &options, &err) < 0)
        bench_die("%s", err.text);
    cached.count = capacity;
    for (size_t i = 0; i < capacity; i++) {
        snprintf(cached.keys[i], sizeof(cached.keys[i]), "redis-%zu.internal:6379", i);
        if (shared_cache_borrow(&cached.cache, cached.keys[i], NULL, &loan, &err) < 0)
            bench_die("%s", err.text);
        shared_cache_return(&cached.cache, &loan, true);
    }
}

static void fill_small_cache(void)
{
    fill_cache(8);
}

static void fill_large_cache(void)
{
    fill_cache(SHARED_CACHE_CAPACITY_LIMIT);
}

/* Key after key: none is where the last one was. */
static void borrow_and_return(long calls)
{
    struct shared_cache_loan loan;
    for (long i = 0; i < calls; i++) {
        const char *key = cached.keys[(size_t)i * 7 % cached.count];
        if (shared_cache_borrow(&cached.cache, key, NULL, &loan, NULL) < 0 || strcmp(loan.object, key) != 0)
            bench_die("the cache does not lend %s", key);
        shared_cache_return(&cached.cache, &loan, true);
    }
}

static void empty_cache(void)
{
    shared_cache_clean_up(&cached.cache);
}

static struct shared_throttle wide = SHARED_THROTTLE_OF(1e9, 1e9, SHARED_THROTTLE_CONCURRENCY);
static struct shared_throttle narrow = SHARED_THROTTLE_OF(1e-6, 1, 0);
static struct shared_breaker closed = SHARED_BREAKER("redis", 5, 10000);
static struct shared_breaker opened = SHARED_BREAKER("redis", 1, 3600000);

static void pass_throttle(long calls)
{
    int64_t retry_after_ms;
    struct shared_error err;
    for (long i = 0; i < calls; i++) {
        if (shared_throttle_enter(&wide, 0, &retry_after_ms, &err) < 0)
            bench_die("%s", err.text);
        shared_throttle_leave(&wide);
    }
}

static void use_up_tokens(void)
{
    if (shared_throttle_enter(&narrow, 0, NULL, NULL) == 0)
        shared_throttle_leave(&narrow);
}

static void meet_throttle(long calls)
{
    int64_t retry_after_ms;
    struct shared_error err;
    for (long i = 0; i < calls; i++) {
        if (shared_throttle_enter(&narrow, 0, &retry_after_ms, &err) == 0)
            bench_die("the throttle lets through what is too much");
    }
}

static void pass_breaker(long calls)
{
    struct shared_error err;
    for (long i = 0; i < calls; i++) {
        if (shared_breaker_enter(&closed, NULL, &err) < 0)
            bench_die("%s", err.text);
        shared_breaker_leave(&closed, true);
    }
}

static void open_breaker(void)
{
    if (shared_breaker_enter(&opened, NULL, NULL) == 0)
        shared_breaker_leave(&opened, false);
}

static void meet_breaker(long calls)
{
    int64_t retry_after_ms;
    struct shared_error err;
    for (long i = 0; i < calls; i++) {
        if (shared_breaker_enter(&opened, &retry_after_ms, &err) == 0)
            bench_die("the breaker lets through although it is open");
    }
}

static int make_value(void *user, void **value, struct shared_error *err)
{
    (void)err;
    *value = user;
    return 0;
}

static struct shared_lazy lazy = SHARED_LAZY("value", make_value, &lazy);

static void get_lazy(long calls)
{
    void *value;
    for (long i = 0; i < calls; i++) {
        if (shared_lazy_get(&lazy, &value, NULL, NULL) < 0 || value != &lazy)
            bench_die("the lazy value is not there");
    }
}

#define CLOCK "clock_gettime"

const struct library_subject library_decisions[] = {
    {"cache_8", "cache hit among 8", CLOCK, true, 1000, fill_small_cache, borrow_and_return,
     library_read_clock, NULL, empty_cache},
    {"cache_1024", "cache hit among 1,024", CLOCK, true, 1000, fill_large_cache, borrow_and_return,
     library_read_clock, NULL, empty_cache},
    {"throttle", "throttle, let through", CLOCK, true, 1000, NULL, pass_throttle, library_read_clock, NULL,
     NULL},
    {"throttle_refused", "throttle, refused", CLOCK, true, 1000, use_up_tokens, meet_throttle,
     library_read_clock, NULL, NULL},
    {"breaker", "breaker, closed", CLOCK, true, 1000, NULL, pass_breaker, library_read_clock, NULL, NULL},
    {"breaker_open", "breaker, open", CLOCK, true, 1000, open_breaker, meet_breaker, library_read_clock, NULL,
     NULL},
    {"lazy", "lazy value that is made", CLOCK, true, 5000, NULL, get_lazy, library_read_clock, NULL, NULL},
    {0},
};
