#include "runtime/runtime_invocation.h"
#include "runtime/workers_inner.h"

#include <errno.h>
#include <poll.h>

/*
 * An idle worker waits for Lambda and for the others' word that there is nothing to wait for any more. An
 * event that is there already is still served. Closing or shutting down the socket from another thread would
 * do without poll, but not without a moment in which its number is somebody else's.
 */
static int await_answer(const struct shared_worker *worker)
{
    struct pollfd fds[2] = {{.fd = worker->loop.connection.fd, .events = POLLIN},
                            {.fd = worker->crew->stop_fd, .events = POLLIN}};
    if (worker->crew->stop_fd < 0)
        return 0;
    int ready;
    do
        ready = poll(fds, 2, -1);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && !fds[0].revents;
}

static int try_exchange(struct shared_worker *worker, struct shared_http_response *response,
                        struct shared_error *err)
{
    const struct shared_slice request[2] = {worker->crew->next, {NULL, 0}};
    struct shared_http_connection *connection = &worker->loop.connection;
    bool last = false;
    int sys_errno = shared_http_send(connection->fd, request);
    int status = sys_errno ? shared_fail(err, SHARED_EIO, sys_errno, "send") : await_answer(worker);
    if (status == 0)
        status = shared_http_response_read(connection->fd, &worker->loop.arena, response, &last, err);
    if (status != 0 || last)
        shared_http_close(connection);
    return status;
}

/* A kept-alive connection that broke is made again at once, without a word: that is how idle ones end. */
static int exchange(struct shared_worker *worker, struct shared_http_response *response,
                    struct shared_error *err)
{
    struct shared_http_connection *connection = &worker->loop.connection;
    if (connection->fd >= 0) {
        int status = try_exchange(worker, response, err);
        if (status != SHARED_EIO)
            return status;
    }
    int status = shared_http_connect(connection, err);
    return status < 0 ? status : try_exchange(worker, response, err);
}

int shared_worker_next(struct shared_worker *worker, struct shared_context *context,
                       struct shared_slice *event)
{
    struct shared_runtime_loop *loop = &worker->loop;
    struct shared_http_response response = {0};
    struct shared_error err;
    int delay_ms = 0;
    while (!atomic_load(&worker->crew->stopping)) {
        shared_arena_reset(&loop->arena);
        *context = (struct shared_context){
            .deadline_ms = INT64_MAX, .arena = &loop->arena, .user = loop->options->user, .loop = loop};
        int status = exchange(worker, &response, &err);
        if (status == 0 && response.status == 500)
            status = shared_fail(&err, SHARED_EUNSUPPORTED, 0, "Lambda cannot go on: status 500");
        if (status == 0)
            status = shared_runtime_read(&response, context, worker->crew->stop_fd < 0, &err);
        *event = response.body;
        if (status >= 0)
            return status;
        shared_runtime_report(loop, &err);
        if (status == SHARED_EUNSUPPORTED)
            return status;
        shared_runtime_pause(&delay_ms);
    }
    return 1;
}
