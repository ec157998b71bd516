#include <shared/lazy.h>

#include "base/clock.h"

/* Who makes the value now. pthread_t is a number or a pointer, never 0, wherever this library runs. */
static uintptr_t this_thread(void)
{
    return (uintptr_t)pthread_self();
}

/* A make that says nothing of its failure gets words here, so that wrapping the error keeps its code. */
static int call_make(struct shared_lazy *lazy, struct shared_error *err)
{
    void *value = NULL;
    if (err) {
        err->code = SHARED_OK;
        err->text[0] = '\0';
    }
    int status = lazy->make(lazy->user, &value, err);
    if (status < 0) {
        if (err && err->code == SHARED_OK)
            shared_fail(err, (enum shared_error_code)status, 0, "%s cannot be made", lazy->name);
        return status;
    }
    lazy->value = value;
    __atomic_store_n(&lazy->made, true, __ATOMIC_RELEASE);
    return 0;
}

static int make(struct shared_lazy *lazy, struct shared_lazy_making *making, struct shared_error *err)
{
    if (__atomic_load_n(&lazy->maker, __ATOMIC_RELAXED) == this_thread())
        return shared_fail(err, SHARED_EINVAL, 0,
                           "%s needs itself to be made: its make uses it, or another "
                           "value that does",
                           lazy->name);
    int status = 0;
    pthread_mutex_lock(&lazy->lock);
    if (!lazy->made) {
        int64_t began_us = shared_clock_monotonic_us();
        __atomic_store_n(&lazy->maker, this_thread(), __ATOMIC_RELAXED);
        status = call_make(lazy, err);
        __atomic_store_n(&lazy->maker, 0, __ATOMIC_RELAXED);
        int64_t took_us = shared_clock_monotonic_us() - began_us;
        *making = (struct shared_lazy_making){true, took_us > 0 ? took_us : 0};
    }
    pthread_mutex_unlock(&lazy->lock);
    return status;
}

int shared_lazy_get(struct shared_lazy *lazy, void **value, struct shared_lazy_making *making,
                    struct shared_error *err)
{
    struct shared_lazy_making unwanted;
    if (!making)
        making = &unwanted;
    *making = (struct shared_lazy_making){false, 0};
    *value = NULL;
    if (!__atomic_load_n(&lazy->made, __ATOMIC_ACQUIRE)) {
        int status = make(lazy, making, err);
        if (status < 0)
            return status;
    }
    *value = lazy->value;
    return 0;
}
