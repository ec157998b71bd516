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
    const char *name; /* in logs and messages, and in the properties of metrics */
    int (*make)(void *user, void **value, struct shared_error *err);
    void *user;
    pthread_mutex_t lock;
    uintptr_t maker; /* the thread that makes the value now; 0: none. Read and written atomically, */
    bool made;       /* and so is this */
    void *value;
};

/* make returns 0 and sets *value (NULL is a value too), or returns a negative code with err set. It may use
 * other lazy values, but not in a circle. It has to return: to end its thread or to jump out of it leaves the
 * value being made for ever. */
#define SHARED_LAZY(name, make, user)                                     \
    {                                                                     \
        (name), (make), (user), PTHREAD_MUTEX_INITIALIZER, 0, false, NULL \
    }

/* What a call of shared_lazy_get has done. */
struct shared_lazy_making {
    bool tried;      /* make was called by this call */
    int64_t took_us; /* microseconds that it took */
};

/*
 * The value, made if it is not there yet. Returns 0, or what make returned and *value NULL; an err that make
 * left alone says then which value it was. making may be NULL. Any thread: those who come while it is made
 * wait for it, and where it fails, each of them tries again. A make that asks for its own value gets
 * SHARED_EINVAL; in two threads such a circle may wait for ever.
 */
int shared_lazy_get(struct shared_lazy *lazy, void **value, struct shared_lazy_making *making,
                    struct shared_error *err);

/*
 * As shared_lazy_get, and where this call made the value, or failed to, says so in the log of the invocation
 * ("lazy value made" with lazy, its name, and took_ms; WARN "lazy value failed" with errorType and error too)
 * and in its metrics (LazyMade or LazyFailed in milliseconds, and the property lazy_NAME with "made" or
 * "failed"). context may be NULL. Any thread, each with a context of its own.
 */
int shared_lazy_use(struct shared_lazy *lazy, const struct shared_context *context, void **value,
                    struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
