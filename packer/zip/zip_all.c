#include "zip/zip_all.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "base/pool.h"
#include "content/content_flight.h"
#include "zip/zip_package_digest.h"
#include "zip/zip_record.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* libzip, its reading back and a stream need four files. */
#define MOST_THREADS 16

/* What all zips in the making may have in memory, and what libzip has of each entry. */
#define IN_FLIGHT_BYTES ((size_t)48 << 20)
#define ENTRY_BYTES 1024

struct writing {
    struct zip_task **order; /* the largest first: the last one to end is then a small one */
    const struct zip_all_options *options;
    struct shared_arena *arenas; /* of the threads */
    double total_bytes;
    struct content_flight flight;
    pthread_mutex_t lock; /* of what follows */
    double done_bytes;
    bool failed;
};

/* A zip in the making. */
struct advance {
    struct writing *writing;
    double bytes, share;
};

static double weight(const struct zip_task *task)
{
    return (double)task->package->unzipped_bytes + 1;
}

/* Runs in the writing thread. Returns false once another has failed, which ends this one too. */
static bool advance(void *user, double share)
{
    struct advance *one = user;
    struct writing *writing = one->writing;
    const struct zip_all_options *options = writing->options;
    pthread_mutex_lock(&writing->lock);
    writing->done_bytes += (share - one->share) * one->bytes;
    one->share = share;
    if (options->progress)
        options->progress(options->user, writing->done_bytes / writing->total_bytes);
    bool go_on = !writing->failed;
    pthread_mutex_unlock(&writing->lock);
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

static int write_one(struct writing *writing, struct zip_task *task, struct shared_arena *arena,
                     struct shared_error *err)
{
    struct advance advanced = {.writing = writing, .bytes = weight(task)};
    const struct zip_options one = {.progress = advance, .user = &advanced};
    struct zip_written written;
    int status = task->looked ? 0 : zip_task_look(task, writing->options->level, err);
    task->looked = false;
    if (status == 0 && !task->current) {
        status = zip_write(task->package, task->path, writing->options->contents, &one, arena, &written, err);
        if (status == 0) {
            task->temporary = written.temporary;
            task->zip = written.zip;
        }
    }
    if (status < 0)
        return shared_error_wrap(err, "%s", task->name);
    advance(&advanced, 1);
    return 0;
}

/* Whether it is the first that failed: it ended the others. */
static bool note_failure(struct writing *writing)
{
    pthread_mutex_lock(&writing->lock);
    bool first = !writing->failed;
    writing->failed = true;
    pthread_mutex_unlock(&writing->lock);
    content_flight_stop(&writing->flight);
    return first;
}

static int write_next(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    struct writing *writing = user;
    struct zip_task *task = writing->order[index];
    size_t bytes = task->package->count * ENTRY_BYTES;
    if (!content_flight_enter(&writing->flight, index, bytes))
        return 0;
    int status = write_one(writing, task, &writing->arenas[worker], err);
    content_flight_leave(&writing->flight, bytes);
    return status < 0 && note_failure(writing) ? status : 0;
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

static void order_tasks(struct writing *writing, struct zip_task *tasks, size_t count)
{
    writing->total_bytes = 1;
    for (size_t i = 0; i < count; i++) {
        tasks[i].temporary = NULL;
        writing->order[i] = &tasks[i];
        writing->total_bytes += weight(&tasks[i]);
    }
    qsort(writing->order, count, sizeof(*writing->order), by_weight);
}

int zip_write_all(struct zip_task *tasks, size_t count, const struct zip_all_options *options,
                  struct shared_arena *arena, struct shared_error *err)
{
    struct shared_arena arenas[MOST_THREADS] = {0};
    CLEANUP_FREE struct zip_task **order = malloc((count + 1) * sizeof(*order));
    if (!order)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %zu zips", count);
    struct writing writing = {.order = order, .options = options, .arenas = arenas};
    unsigned threads = pool_threads(options->parallel);
    pthread_mutex_init(&writing.lock, NULL);
    content_flight_init(&writing.flight, IN_FLIGHT_BYTES);
    order_tasks(&writing, tasks, count);
    int status = pool_run(threads < MOST_THREADS ? threads : MOST_THREADS, count, write_next, &writing, err);
    if (status == 0 && keep_names(tasks, count, arena) < 0)
        status = shared_fail(err, SHARED_ENOMEM, 0, "no memory for %zu zips", count);
    if (status < 0)
        zip_abandon_all(tasks, count);
    for (unsigned i = 0; i < MOST_THREADS; i++)
        shared_arena_clean_up(&arenas[i]);
    content_flight_clean_up(&writing.flight);
    pthread_mutex_destroy(&writing.lock);
    return status;
}

/* Those in one folder mostly stand together. */
static int sync_folders(const struct zip_task *tasks, size_t count, struct shared_error *err)
{
    const struct zip_task *last = NULL;
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        if (!tasks[i].placed)
            continue;
        size_t folder_bytes = (size_t)(path_base(tasks[i].path) - tasks[i].path);
        if (!last || (size_t)(path_base(last->path) - last->path) != folder_bytes ||
            memcmp(last->path, tasks[i].path, folder_bytes) != 0)
            status = file_sync_folder_of(tasks[i].path, err);
        last = &tasks[i];
    }
    return status;
}

/* The one reason for a rename to fail that a user makes: known before the first of them. */
static int check_places(const struct zip_task *tasks, size_t count, struct shared_error *err)
{
    struct stat st;
    for (size_t i = 0; i < count; i++)
        if (tasks[i].temporary && lstat(tasks[i].path, &st) == 0 && S_ISDIR(st.st_mode))
            return shared_fail(err, SHARED_EIO, EISDIR, "write %s", tasks[i].path);
    return 0;
}

int zip_commit_all(struct zip_task *tasks, size_t count, struct shared_error *err)
{
    int status = check_places(tasks, count, err);
    for (size_t i = 0; status == 0 && i < count; i++) {
        if (!tasks[i].temporary)
            continue;
        status = zip_commit(tasks[i].temporary, tasks[i].path, err);
        if (status == 0) {
            tasks[i].temporary = NULL;
            tasks[i].placed = true;
        }
    }
    zip_abandon_all(tasks, count);
    return status == 0 ? sync_folders(tasks, count, err) : status;
}

static int keep_record(const struct zip_task *task, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const char *folder = path_folder(&scratch, task->record);
    int status = folder ? file_make_folders(folder, err)
                        : shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", task->record);
    return status == 0 ? zip_record_write(task->record, &task->input, task->path, &task->zip, err) : status;
}

size_t zip_keep_records(struct zip_task *tasks, size_t count, struct shared_error *err)
{
    size_t lost = 0;
    for (size_t i = count; i-- > 0;) {
        if (tasks[i].placed) {
            zip_record_wait(tasks[i].path);
            break;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].placed && keep_record(&tasks[i], lost == 0 ? err : NULL) < 0)
            lost++;
        tasks[i].placed = false;
    }
    return lost;
}

void zip_abandon_all(struct zip_task *tasks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].temporary)
            zip_abandon(tasks[i].temporary);
        tasks[i].temporary = NULL;
    }
}
