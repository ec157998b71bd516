#include <shared/workers.h>

#include "runtime/runtime_serve.h"
#include "runtime/workers_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What the main thread has by default: what a handler may put on its stack does not depend on who calls it.
 * It is address space; pages that nobody touches are no memory. */
#define STACK_BYTES (8u << 20)

static int read_count(const struct shared_runtime_loop *loop)
{
    const char *value = getenv("AWS_LAMBDA_MAX_CONCURRENCY");
    unsigned long long count;
    struct shared_error err;
    if (!value)
        return 1;
    if (*value >= '0' && *value <= '9' && shared_http_number(value, &count) && count > 0)
        return count < SHARED_WORKERS_LIMIT ? (int)count : SHARED_WORKERS_LIMIT;
    shared_fail(&err, SHARED_EINVAL, 0,
                "AWS_LAMBDA_MAX_CONCURRENCY: %s is no number from 1; there is one worker", value);
    shared_runtime_report(loop, &err);
    return 1;
}

static void stop(struct shared_worker_crew *crew)
{
    const uint64_t one = 1;
    atomic_store(&crew->stopping, true);
    if (crew->stop_fd >= 0 && write(crew->stop_fd, &one, sizeof(one)) < 0)
        return; /* only where it can be read already */
}

static void *work(void *argument)
{
    struct shared_worker *worker = argument;
    struct shared_context context;
    struct shared_slice event;
    while (shared_worker_next(worker, &context, &event) == 0) {
        if (shared_runtime_serve(&worker->loop, worker->crew->handler, &context, event) < 0)
            break;
    }
    stop(worker->crew);
    return NULL;
}

static void clean_up(struct shared_runtime_loop *loop)
{
    shared_http_close(&loop->connection);
    shared_arena_clean_up(&loop->arena);
}

/* The first worker is the caller's thread. Where not all can be started, the others serve. */
static void work_together(struct shared_worker *workers, int count)
{
    const struct shared_runtime_loop *loop = &workers[0].loop;
    struct shared_error err;
    pthread_attr_t attributes;
    int started = 1, sys_errno = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    for (; started < count; started++) {
        struct shared_worker *worker = &workers[started];
        *worker = (struct shared_worker){.crew = workers[0].crew, .loop = *loop};
        worker->loop.connection.fd = -1;
        worker->loop.arena = (struct shared_arena){0};
        sys_errno = pthread_create(&worker->thread, &attributes, work, worker);
        if (sys_errno)
            break;
    }
    pthread_attr_destroy(&attributes);
    if (sys_errno) {
        shared_fail(&err, SHARED_EIO, sys_errno, "start worker %d of %d; there are %d", started + 1, count,
                    started);
        shared_runtime_report(loop, &err);
    }
    work(&workers[0]);
    while (started-- > 1) {
        pthread_join(workers[started].thread, NULL);
        clean_up(&workers[started].loop);
    }
}

/* Returns how many there shall be, and lets them be stopped where they are several. */
static int open_crew(struct shared_worker_crew *crew, const struct shared_runtime_loop *loop)
{
    struct shared_error err;
    int count = read_count(loop);
    if (count > 1)
        crew->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (count == 1 || crew->stop_fd >= 0)
        return count;
    shared_fail(&err, SHARED_EIO, errno, "eventfd for %d workers; there is one", count);
    shared_runtime_report(loop, &err);
    return 1;
}

static int run(struct shared_runtime_loop *loop, struct shared_worker_crew *crew, struct shared_arena *arena)
{
    struct shared_error err = {0};
    if (shared_runtime_endpoint(loop, &err) < 0) {
        shared_runtime_report(loop, &err);
        return 2;
    }
    if (shared_runtime_init(loop, &err) < 0)
        return 1;
    int count = open_crew(crew, loop);
    struct shared_worker *workers = shared_arena_alloc(arena, (size_t)count * sizeof(*workers));
    crew->next = shared_slice_from_text(
        shared_arena_format(arena,
                            "GET %s" SHARED_RUNTIME_API_PATH "/invocation/next HTTP/1.1\r\n"
                            "Host: %.*s\r\nUser-Agent: libshared\r\n\r\n",
                            loop->api + loop->host_size_bytes, (int)loop->host_size_bytes, loop->api));
    if (!workers || !crew->next.data) {
        shared_fail(&err, SHARED_ENOMEM, 0, "no memory for %d workers", count);
        shared_runtime_report(loop, &err);
        return 1;
    }
    workers[0] = (struct shared_worker){.crew = crew, .loop = *loop};
    work_together(workers, count);
    *loop = workers[0].loop;
    return 1;
}

int shared_workers_run(shared_handler *handler, const struct shared_runtime_options *options)
{
    static const struct shared_runtime_options defaults;
    struct shared_worker_crew crew = {.handler = handler, .stop_fd = -1};
    struct shared_runtime_loop loop = {.options = options ? options : &defaults, .connection.fd = -1};
    struct shared_arena arena = {0};
    int status = run(&loop, &crew, &arena);
    clean_up(&loop);
    shared_arena_clean_up(&arena);
    if (crew.stop_fd >= 0)
        close(crew.stop_fd);
    return status;
}
