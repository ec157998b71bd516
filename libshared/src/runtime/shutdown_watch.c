#include <shared/shutdown.h>

#include "runtime/runtime_loop.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* "Lambda Extensions API" (AWS Lambda developer guide, 2025). An internal extension's name is its own to
 * choose; it must be no other's of this function. */
#define EXTENSION_PATH "/2020-01-01/extension"
#define EXTENSION_NAME "libshared-shutdown"

/* There is one process, and one end of it. */
static struct {
    void (*callback)(void *user);
    void *user;
} last_words;

/* Handlers may still run: what exit would tear down is theirs. */
static void *watch(void *unused)
{
    int number;
    (void)unused;
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    while (sigwait(&term, &number) != 0)
        ;
    last_words.callback(last_words.user);
    _exit(0);
}

static int start_watch(struct shared_error *err)
{
    pthread_t thread;
    sigset_t term, before;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term, &before);
    int sys_errno = pthread_create(&thread, NULL, watch, NULL);
    if (sys_errno == 0) {
        pthread_detach(thread);
        return 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return shared_fail(err, SHARED_EIO, sys_errno, "start the thread that waits for SIGTERM");
}

/* The answer to the last request does not come while the environment lives: the connection is left open. */
static int register_extension(struct shared_runtime_loop *loop, struct shared_error *err)
{
    static const char format[] =
        "%s %s" EXTENSION_PATH "%s HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: libshared\r\n"
        "Lambda-Extension-%s: %s\r\n%s\r\n";
    const struct shared_slice events = SHARED_SLICE_LITERAL("{\"events\":[]}");
    const char *path = loop->api + loop->host_size_bytes;
    struct shared_http_response response;
    struct shared_slice request[2] = {
        shared_slice_from_text(shared_arena_format(
            &loop->arena, format, "POST", path, "/register", (int)loop->host_size_bytes, loop->api, "Name",
            EXTENSION_NAME, "Content-Type: application/json\r\nContent-Length: 13\r\n")),
        events};
    int status = request[0].data
                     ? shared_http_exchange(&loop->connection, request, &loop->arena, &response, err)
                     : shared_fail(err, SHARED_ENOMEM, 0, "no memory to register an extension");
    if (status < 0)
        return shared_error_wrap(err, "register an extension"), status;
    const char *id = shared_http_header(&response.lines, "Lambda-Extension-Identifier");
    if (response.status != 200 || !id)
        return shared_fail(err, SHARED_EPROTO, 0, "register an extension: status %d%s", response.status,
                           id ? "" : ", no identifier");
    request[0] = shared_slice_from_text(shared_arena_format(&loop->arena, format, "GET", path, "/event/next",
                                                            (int)loop->host_size_bytes, loop->api,
                                                            "Identifier", id, ""));
    request[1] = (struct shared_slice){0};
    if (!request[0].data)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to register an extension");
    if (loop->connection.fd < 0 && shared_http_connect(&loop->connection, err) < 0)
        return SHARED_EIO;
    int sys_errno = shared_http_send(loop->connection.fd, request);
    return sys_errno ? shared_fail(err, SHARED_EIO, sys_errno, "wait for an extension's event") : 0;
}

int shared_shutdown_watch(void (*callback)(void *user), void *user,
                          const struct shared_runtime_options *options, struct shared_error *err)
{
    static const struct shared_runtime_options defaults;
    struct shared_runtime_loop loop = {.options = options ? options : &defaults, .connection.fd = -1};
    last_words.callback = callback;
    last_words.user = user;
    int status = start_watch(err);
    if (status == 0 && getenv("AWS_LAMBDA_RUNTIME_API")) {
        status = shared_runtime_endpoint(&loop, err);
        if (status == 0)
            status = register_extension(&loop, err);
        if (status < 0)
            shared_http_close(&loop.connection);
    }
    shared_arena_clean_up(&loop.arena);
    return status;
}
