/*
 * cache.h - the object cache: clients kept from one invocation to the next.
 *
 *     struct shared_cache_options options = {.capacity = 8, .idle_ms = 60000, .make = redis_connect,
 *                                            .check = redis_ping, .destroy = redis_close};
 *     shared_cache_init(&cache, &options, err);
 *     …
 *     struct shared_cache_loan loan;
 *     if (shared_cache_borrow(&cache, "redis:6379", context, &loan, err) < 0)
 *         return …;
 *     int status = redis_get(loan.object, …);
 *     shared_cache_return(&cache, &loan, status == 0);
 *
 * An environment may be frozen for hours between two invocations, and a peer that was there before is gone
 * after: no timer runs here. Whether an object is too old is seen when it is asked for, by the larger of what
 * the monotonic and the real-time clock say has passed, so that a clock that stood still while frozen, or was
 * set back, keeps nothing alive; whether it still works, by check.
 */
#ifndef SHARED_CACHE_H
#define SHARED_CACHE_H

#include <shared/error.h>

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shared_cache_options {
    size_t capacity;        /* objects at once, lent ones included; 1 to SHARED_CACHE_CAPACITY_LIMIT */
    int64_t ttl_ms;         /* milliseconds from make's call on after which it is not lent; 0: no limit */
    int64_t idle_ms;        /* the same, since it was last returned; 0: no limit */
    int64_t check_after_ms; /* an object that was idle for less is lent unchecked; 0: check each time */

    /* Makes the object of a key. Returns 0 and sets *object (not NULL), or a negative code. borrower is what
     * was given to shared_cache_borrow. */
    int (*make)(void *user, const char *key, const void *borrower, void **object, struct shared_error *err);
    /* Whether an object still works; NULL: it is believed to. Called before it is lent. */
    bool (*check)(void *user, void *object, const void *borrower);
    void (*destroy)(void *user, void *object); /* NULL: nothing to do */
    void *user;
};

#define SHARED_CACHE_CAPACITY_LIMIT 1024

/* A key has at most so many bytes, its NUL included. */
#define SHARED_CACHE_KEY_BYTES 128

struct shared_cache_entry;

/* Caller-owned; private. */
struct shared_cache {
    struct shared_cache_options options;
    pthread_mutex_t lock;
    struct shared_cache_entry *entries; /* capacity of them, in one allocation */
    uint64_t turn;                      /* grows with each use: the entry with the least goes first */
};

/* One object, its borrower's alone until it is returned. */
struct shared_cache_loan {
    void *object;
    struct shared_cache_entry *entry; /* the cache's */
};

/* Allocates capacity entries. Fails with SHARED_EINVAL (a capacity out of range, no make) or SHARED_ENOMEM. */
int shared_cache_init(struct shared_cache *cache, const struct shared_cache_options *options,
                      struct shared_error *err);

/* Destroys all objects; none may be lent. */
void shared_cache_clean_up(struct shared_cache *cache);

/*
 * Lends a good object of the key: one that is there (that was returned last, first), young enough and passes
 * check, else a new one. What is dead or too old is destroyed on the way, and where the cache is full the
 * least recently used object that is not lent. make, check and destroy run without the lock held, on the
 * borrower's thread, and may use the cache; borrower is handed to make and check, such as a context whose
 * deadline bounds them, and may be NULL. Where one object of the key is lent already, another is made: two
 * borrowers never share one. Fails with what make returned; with SHARED_EINVAL where the key is too long, or
 * make returned 0 and no object; with SHARED_ETOOBIG where all objects are lent. *loan is zero then. Any
 * thread.
 */
int shared_cache_borrow(struct shared_cache *cache, const char *key, const void *borrower,
                        struct shared_cache_loan *loan, struct shared_error *err);

/* Gives an object back: good to be kept, else to be destroyed. Zeroes *loan; one that is zero is ignored. Any
 * thread. */
void shared_cache_return(struct shared_cache *cache, struct shared_cache_loan *loan, bool good);

#ifdef __cplusplus
}
#endif

#endif
