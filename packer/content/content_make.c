#include "content/content_make.h"

#include "base/cleanup.h"
#include "base/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MB ((size_t)1 << 20)

/* What a process may have, less what lists of streams grow by meanwhile: 14 MB where there are 93,000. */
#define ALL_BYTES (232 * MB)

/* What threads have of files and streams at a time: one piece, up to three. */
#define IN_FLIGHT_BYTES_LEAST (33 * MB)
#define IN_FLIGHT_BYTES_MOST (97 * MB)
#define COMPRESSORS_BYTES_LEAST (18 * MB)

/* Room that a thread keeps from one task to the next. */
#define ROOM_KEPT_BYTES MB

static size_t clamp(size_t value, size_t least, size_t most)
{
    return value < least ? least : value > most ? most : value;
}

struct content_room_shares content_room_share(size_t resident_bytes)
{
    size_t left = resident_bytes < ALL_BYTES ? ALL_BYTES - resident_bytes : 0;
    size_t flight = clamp(left / 2, IN_FLIGHT_BYTES_LEAST, IN_FLIGHT_BYTES_MOST);
    size_t compressors =
        clamp(left > flight ? left - flight : 0, COMPRESSORS_BYTES_LEAST, CONTENT_COMPRESSORS_BYTES);
    return (struct content_room_shares){flight, compressors};
}

/* proc(5), statm: pages that are in memory come second. 0 where that is not told. */
static size_t resident_bytes(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* What a task has in memory: the content, a stream that may need a little more before it is known to be stored, and,
 * where that is wanted whole, what is inflated. */
static size_t task_bytes(const struct content_maker *maker, const struct content_task *task)
{
    uint64_t size = task->item->content.size_bytes;
    size_t rooms = maker->set->options.level == LEVEL_FAST && !task->large ? 3 : 2;
    return rooms * (size < CONTENT_PIECE_BYTES ? (size_t)size : CONTENT_PIECE_BYTES) + 4096;
}

static void advance(struct content_maker *maker, const struct content_task *task)
{
    const struct content_options *options = &maker->set->options;
    if (!options->progress || !maker->tells)
        return;
    pthread_mutex_lock(&maker->lock);
    maker->done_bytes += (double)task_bytes(maker, task);
    options->progress(options->user, maker->done_bytes / maker->total_bytes);
    pthread_mutex_unlock(&maker->lock);
}

static void stop(struct content_maker *maker)
{
    pthread_mutex_lock(&maker->lock);
    maker->failed = true;
    pthread_cond_broadcast(&maker->turned);
    pthread_mutex_unlock(&maker->lock);
    content_flight_stop(&maker->flight);
}

static int make(void *user, unsigned number, size_t index, struct shared_error *err)
{
    struct content_maker *maker = user;
    struct content_worker *worker = &maker->workers[number];
    const struct content_task *task = &maker->tasks[index];
    size_t bytes = task_bytes(maker, task);
    if (!content_flight_enter(&maker->flight, index, bytes))
        return 0;
    int status = task->large ? content_make_piece(maker, worker, task, err)
                             : content_make_small(maker, worker, task, err);
    content_room_release(&worker->content, ROOM_KEPT_BYTES);
    content_room_release(&worker->stream, ROOM_KEPT_BYTES);
    content_room_release(&worker->back, ROOM_KEPT_BYTES);
    content_flight_leave(&maker->flight, bytes);
    if (status < 0)
        stop(maker);
    else
        advance(maker, task);
    return status;
}

static int larger_first(const void *a, const void *b)
{
    const struct content_item *const *x = a, *const *y = b;
    return ((*x)->content.size_bytes < (*y)->content.size_bytes) -
           ((*x)->content.size_bytes > (*y)->content.size_bytes);
}

static size_t pieces_of(const struct content_item *item)
{
    return item->content.size_bytes <= CONTENT_PIECE_BYTES
               ? 1
               : (size_t)((item->content.size_bytes + CONTENT_PIECE_BYTES - 1) / CONTENT_PIECE_BYTES);
}

static int list_tasks(struct content_maker *maker, struct content_item **items, size_t count,
                      struct shared_error *err)
{
    for (size_t i = 0; i < count; i++) {
        size_t pieces = pieces_of(items[i]);
        struct content_large *large = pieces > 1 ? &maker->larges[maker->large_count] : NULL;
        if (large && content_large_init(large, items[i], err) < 0)
            return SHARED_ENOMEM;
        maker->large_count += large != NULL;
        for (size_t piece = 0; piece < pieces; piece++) {
            struct content_task *task = &maker->tasks[maker->task_count++];
            *task = (struct content_task){items[i], large, piece, large ? maker->piece_count++ : 0};
            maker->total_bytes += (double)task_bytes(maker, task);
        }
    }
    return 0;
}

static void clean_up(struct content_maker *maker)
{
    for (size_t i = 0; i < maker->large_count; i++)
        content_large_clean_up(&maker->larges[i]);
    for (unsigned i = 0; maker->workers && i < maker->set->threads; i++)
        content_worker_clean_up(&maker->workers[i]);
    free(maker->workers);
    free(maker->tasks);
    free(maker->larges);
    content_flight_clean_up(&maker->flight);
    content_compressors_clean_up(&maker->compressors);
    pthread_cond_destroy(&maker->turned);
    pthread_mutex_destroy(&maker->lock);
}

int content_make_all(struct content_set *set, struct content_item **items, size_t count, bool tells,
                     struct shared_error *err)
{
    CLEANUP(clean_up) struct content_maker maker = {.set = set, .tells = tells, .total_bytes = 1};
    size_t tasks = 1, larges = 1;
    pthread_mutex_init(&maker.lock, NULL);
    pthread_cond_init(&maker.turned, NULL);
    const struct content_room_shares shares = content_room_share(resident_bytes());
    content_flight_init(&maker.flight, shares.flight_bytes);
    content_compressors_init(&maker.compressors, shares.compressors_bytes);
    qsort(items, count, sizeof(struct content_item *), larger_first);
    for (size_t i = 0; i < count; i++) {
        tasks += pieces_of(items[i]);
        larges += pieces_of(items[i]) > 1;
    }
    maker.tasks = malloc(tasks * sizeof(*maker.tasks));
    maker.larges = malloc(larges * sizeof(*maker.larges));
    maker.workers = calloc(set->threads, sizeof(*maker.workers));
    if (!maker.tasks || !maker.larges || !maker.workers)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %zu files", count);
    int status = list_tasks(&maker, items, count, err);
    return status < 0 ? status : pool_run(set->threads, maker.task_count, make, &maker, err);
}
