#include "zip/zip_all.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/job.h"
#include "base/path.h"
#include "zip/zip_package_digest.h"
#include "zip/zip_record.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

/* What the threads share; everything below the lock is only touched with it held. */
struct pool {
    struct zip_task **order; /* the largest first: the last one to end is then a small one */
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

/* libzip, its reading back and a stream need four files. */
#define MOST_THREADS 16

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

int zip_task_look(struct zip_task *task, enum manifest_level level, struct shared_error *err)
{
    struct hash content;
    int status = zip_package_digest(task->package, &content, err);
    if (status < 0)
        return status;
    task->input = zip_record_input(&content, level);
    task->current = zip_record_is_current(task->record, &task->input, task->path, &task->zip);
    task->looked = true;
    return 0;
}

static int write_one(struct worker *worker, struct zip_task *task, struct shared_error *err)
{
    const struct zip_all_options *options = worker->pool->options;
    const struct zip_options one = {.progress = advance, .user = worker};
    struct zip_written written;
    int status = task->looked ? 0 : zip_task_look(task, options->level, err);
    task->looked = false;
    if (status == 0 && !task->current) {
        status = zip_write(task->package, task->path, options->contents, &one, &worker->arena, &written, err);
        if (status == 0) {
            task->temporary = written.temporary;
            task->zip = written.zip;
        }
    }
    if (status < 0)
        return shared_error_wrap(err, "%s", task->name);
    advance(worker, 1);
    return 0;
}

static struct zip_task *take(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct zip_task *task = pool->failed || pool->next == pool->count ? NULL : pool->order[pool->next++];
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

static int by_weight(const void *left, const void *right)
{
    const struct zip_task *a = *(struct zip_task *const *)left, *b = *(struct zip_task *const *)right;
    uint64_t larger = a->package->unzipped_bytes, smaller = b->package->unzipped_bytes;
    return larger != smaller ? (larger < smaller) - (larger > smaller) : (a > b) - (a < b);
}

static unsigned thread_count(const struct zip_all_options *options, size_t count)
{
    unsigned parallel = options->parallel ? options->parallel : job_processors();
    if (parallel > MOST_THREADS)
        parallel = MOST_THREADS;
    return parallel < count ? parallel : (unsigned)count;
}

int zip_write_all(struct zip_task *tasks, size_t count, const struct zip_all_options *options,
                  struct shared_arena *arena, struct shared_error *err)
{
    unsigned parallel = thread_count(options, count);
    CLEANUP_FREE struct worker *workers = calloc(parallel, sizeof(*workers));
    CLEANUP_FREE struct zip_task **order = malloc(count * sizeof(*order));
    if (count == 0)
        return 0;
    if (!workers || !order)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %u threads", parallel);
    struct pool pool = {.order = order, .count = count, .options = options, .total_bytes = 1};
    pthread_mutex_init(&pool.lock, NULL);
    for (size_t i = 0; i < count; i++) {
        tasks[i].temporary = NULL;
        order[i] = &tasks[i];
        pool.total_bytes += weight(&tasks[i]);
    }
    qsort(order, count, sizeof(*order), by_weight);
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

/* Those in one folder mostly stand together. */
static int sync_folders(const struct zip_task *tasks, size_t count, struct shared_error *err)
{
    const struct zip_task *last = NULL;
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        if (!tasks[i].temporary)
            continue;
        size_t folder_bytes = (size_t)(path_base(tasks[i].path) - tasks[i].path);
        if (!last || (size_t)(path_base(last->path) - last->path) != folder_bytes ||
            memcmp(last->path, tasks[i].path, folder_bytes) != 0)
            status = file_sync_folder_of(tasks[i].path, err);
        last = &tasks[i];
    }
    return status;
}

static int keep_records(struct zip_task *tasks, size_t count, struct shared_error *err)
{
    int status = 0;
    for (size_t i = count; i-- > 0;) {
        if (tasks[i].temporary) {
            zip_record_wait(tasks[i].path);
            break;
        }
    }
    for (size_t i = 0; status == 0 && i < count; i++) {
        if (tasks[i].temporary)
            status = zip_record_write(tasks[i].record, &tasks[i].input, tasks[i].path, &tasks[i].zip, err);
        tasks[i].temporary = NULL;
    }
    return status;
}

int zip_commit_all(struct zip_task *tasks, size_t count, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++)
        if (tasks[i].temporary)
            status = zip_commit(tasks[i].temporary, tasks[i].path, err);
    if (status == 0)
        status = sync_folders(tasks, count, err);
    if (status == 0)
        status = keep_records(tasks, count, err);
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
