#include "base/pool.h"

#include "base/job.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct pool {
    pool_act *act;
    void *user;
    atomic_size_t next, limit; /* limit: the first that failed; count: none */
    atomic_uint workers;
    pthread_mutex_t lock; /* of what follows, and to change limit */
    int status;
    struct shared_error err;
};

static void note_failure(struct pool *pool, size_t index, int status, const struct shared_error *err)
{
    pthread_mutex_lock(&pool->lock);
    if (index < atomic_load(&pool->limit)) {
        atomic_store(&pool->limit, index);
        pool->status = status;
        pool->err = *err;
    }
    pthread_mutex_unlock(&pool->lock);
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    unsigned worker = atomic_fetch_add(&pool->workers, 1);
    for (;;) {
        size_t index = atomic_fetch_add(&pool->next, 1);
        if (index >= atomic_load(&pool->limit))
            return NULL;
        struct shared_error err = {0};
        int status = pool->act(pool->user, worker, index, &err);
        if (status < 0)
            note_failure(pool, index, status, &err);
    }
}

unsigned pool_threads(unsigned parallel)
{
    unsigned threads = parallel ? parallel : job_processors();
    return threads < POOL_THREADS ? threads : POOL_THREADS;
}

int pool_run(unsigned threads, size_t count, pool_act *act, void *user, struct shared_error *err)
{
    struct pool pool = {.act = act, .user = user, .limit = count};
    pthread_t helpers[POOL_THREADS];
    unsigned started = 0;
    pthread_mutex_init(&pool.lock, NULL);
    /* The calling thread works too: one processor needs no other, and where none can be had it does all. */
    while (started + 1 < threads && started + 1 < count &&
           pthread_create(&helpers[started], NULL, work, &pool) == 0)
        started++;
    work(&pool);
    for (unsigned i = 0; i < started; i++)
        pthread_join(helpers[i], NULL);
    pthread_mutex_destroy(&pool.lock);
    if (pool.status < 0 && err)
        *err = pool.err;
    return pool.status;
}
