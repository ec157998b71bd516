/*
 * lazy.h - a value made on first use: lazy evaluation.
 *
 *     static struct shared_lazy titles = SHARED_LAZY("titles", load_titles, NULL);
 *
 *     void *value;
 *     if (shared_lazy_use(&titles, context, &value, err) < 0)
 *         return shared_error_wrap(err, "titles");
 *
 * What an invocation does not need costs it nothing; what several need is made once. Where making fails, the
 * one who asked gets the error, and the next one who asks tries again.
 */
#ifndef SHARED_LAZY_H
#define SHARED_LAZY_H

#include <shared/error.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shared_context;

/* Static, made by SHARED_LAZY; it has no end. Private but for name. */
struct shared_lazy {
    const char *name; /* in logs, and as the dimension of metrics */
    int (*make)(void *user, void **value, struct shared_error *err);
    void *user;
    pthread_mutex_t lock;
    void *value;
    bool made; /* read and written atomically */
};

/* make returns 0 and sets *value (NULL is a value too), or returns a negative code with err set. */
#define SHARED_LAZY(name, make, user)                                  \
    {                                                                  \
        (name), (make), (user), PTHREAD_MUTEX_INITIALIZER, NULL, false \
    }

/* What a call of shared_lazy_get has done. */
struct shared_lazy_making {
    bool tried;      /* make was called by this call */
    int64_t took_us; /* microseconds that it took */
};

/*
 * The value, made if it is not there yet. Returns 0 or what make returned. making may be NULL. Any thread:
 * those who come while it is made wait for it. A make that asks for its own value fails with SHARED_EINVAL.
 */
int shared_lazy_get(struct shared_lazy *lazy, void **value, struct shared_lazy_making *making,
                    struct shared_error *err);

/*
 * As shared_lazy_get, and where the value was made, or making it failed, says so in the log of the invocation
 * ("lazy value made", name, took_ms; WARN with the error where it failed) and in its metrics (LazyMade or
 * LazyFailed in milliseconds, dimension-less, the name as a property). context may be NULL.
 */
int shared_lazy_use(struct shared_lazy *lazy, const struct shared_context *context, void **value,
                    struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
