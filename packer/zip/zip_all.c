#include "zip/zip_all.h"

#include "base/cleanup.h"
#include "base/job.h"
#include "zip/zip_record.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

/* What the threads share; everything below the lock is only touched with it held. */
struct pool {
    struct zip_task *tasks;
    size_t count;
    const struct zip_all_options *options;
    double total_bytes;
    pthread_mutex_t lock;
    size_t next;
    double done_bytes;
    bool failed;
    struct shared_error err; /* of the first that failed */
};

struct worker {
    pthread_t thread;
    bool started;
    struct pool *pool;
    struct shared_arena arena;
    struct zip_task *task; /* at work on */
    double share;          /* of it */
};

static double weight(const struct zip_task *task)
{
    return (double)task->package->unzipped_bytes + 1;
}

/* Runs in the writing thread. Returns false once another has failed, which ends this one too. */
static bool advance(void *user, double share)
{
    struct worker *worker = user;
    struct pool *pool = worker->pool;
    pthread_mutex_lock(&pool->lock);
    pool->done_bytes += (share - worker->share) * weight(worker->task);
    worker->share = share;
    if (pool->options->progress)
        pool->options->progress(pool->options->user, pool->done_bytes / pool->total_bytes);
    bool go_on = !pool->failed;
    pthread_mutex_unlock(&pool->lock);
    return go_on;
}

/* The zip was read back against its sources as they are now, the input was hashed before: what changed in between
 * would be recorded as what it was, and taken for current once it is that again. */
static int check_unchanged(struct zip_task *task, int level, struct shared_error *err)
{
    struct hash now;
    int status = zip_input_hash(task->package, level, &now, err);
    if (status == 0 && memcmp(&now, &task->input, sizeof(now)) != 0)
        status = shared_fail(err, SHARED_EIO, 0, "a file changed while it was being packed: run again");
    if (status < 0) {
        zip_abandon(task->temporary);
        task->temporary = NULL;
    }
    return status;
}

static int write_one(struct worker *worker, struct zip_task *task, struct shared_error *err)
{
    int level = worker->pool->options->level;
    int status = zip_input_hash(task->package, level, &task->input, err);
    if (status < 0)
        return shared_error_wrap(err, "function %s", task->name);
    if (!zip_is_current(task->record, &task->input, task->path, &task->zip_bytes)) {
        const struct zip_options options = {.level = level, .progress = advance, .user = worker};
        status = zip_write(task->package, task->path, &options, &worker->arena, &task->temporary,
                           &task->zip_bytes, err);
        if (status == 0)
            status = check_unchanged(task, level, err);
    }
    if (status < 0)
        return shared_error_wrap(err, "function %s", task->name);
    advance(worker, 1);
    return 0;
}

static struct zip_task *take(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct zip_task *task = pool->failed || pool->next == pool->count ? NULL : &pool->tasks[pool->next++];
    pthread_mutex_unlock(&pool->lock);
    return task;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;
    while ((worker->task = take(pool))) {
        struct shared_error err;
        worker->share = 0;
        if (write_one(worker, worker->task, &err) == 0)
            continue;
        pthread_mutex_lock(&pool->lock);
        if (!pool->failed)
            pool->err = err;
        pool->failed = true;
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

/* The calling thread is the first worker: one processor needs no thread. */
static void run(struct worker *workers, unsigned count)
{
    for (unsigned i = 1; i < count; i++)
        workers[i].started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    work(&workers[0]);
    for (unsigned i = 1; i < count; i++) {
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
    }
}

/* Names of temporary files move from the workers' arenas, which end here, to the caller's. */
static int keep_names(struct zip_task *tasks, size_t count, struct shared_arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        if (!tasks[i].temporary)
            continue;
        const char *copy = shared_arena_copy(arena, shared_slice_from_text(tasks[i].temporary));
        if (!copy)
            return SHARED_ENOMEM;
        tasks[i].temporary = copy;
    }
    return 0;
}

int zip_write_all(struct zip_task *tasks, size_t count, const struct zip_all_options *options,
                  struct shared_arena *arena, struct shared_error *err)
{
    unsigned parallel = options->parallel ? options->parallel : job_processors();
    if (parallel > count)
        parallel = count ? (unsigned)count : 1;
    CLEANUP_FREE struct worker *workers = calloc(parallel, sizeof(*workers));
    if (!workers)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %u threads", parallel);
    struct pool pool = {.tasks = tasks, .count = count, .options = options, .total_bytes = 1};
    pthread_mutex_init(&pool.lock, NULL);
    for (size_t i = 0; i < count; i++) {
        tasks[i].temporary = NULL;
        pool.total_bytes += weight(&tasks[i]);
    }
    for (unsigned i = 0; i < parallel; i++)
        workers[i].pool = &pool;
    run(workers, parallel);

    if (!pool.failed && keep_names(tasks, count, arena) < 0) {
        pool.failed = true;
        shared_fail(&pool.err, SHARED_ENOMEM, 0, "no memory for %zu zips", count);
    }
    if (pool.failed)
        zip_abandon_all(tasks, count);
    for (unsigned i = 0; i < parallel; i++)
        shared_arena_clean_up(&workers[i].arena);
    pthread_mutex_destroy(&pool.lock);
    if (pool.failed && err)
        *err = pool.err;
    return pool.failed ? (int)pool.err.code : 0;
}

int zip_commit_all(struct zip_task *tasks, size_t count, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        if (!tasks[i].temporary)
            continue;
        status = zip_commit(tasks[i].temporary, tasks[i].path, err);
        if (status == 0) {
            tasks[i].temporary = NULL;
            status = zip_record_write(tasks[i].record, &tasks[i].input, tasks[i].path, err);
        }
    }
    zip_abandon_all(tasks, count);
    return status;
}

void zip_abandon_all(struct zip_task *tasks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].temporary)
            zip_abandon(tasks[i].temporary);
        tasks[i].temporary = NULL;
    }
}
