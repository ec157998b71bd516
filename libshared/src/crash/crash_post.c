#include "crash/crash_inner.h"

#include "base/clock.h"
#include "runtime/runtime_loop.h"
#include "json/json_write.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A process that is about to die is not held up for longer: Lambda waits for its end. */
#define PATIENCE_US 1000000

#define API_LIMIT_BYTES 512

/* Kept from the time when everything was whole. */
static struct {
    bool known;
    struct sockaddr_in address;
    size_t host_size_bytes;
    char api[API_LIMIT_BYTES];
} endpoint;

void shared_crash_post_prepare(void)
{
    static const struct shared_runtime_options options;
    struct shared_runtime_loop loop = {.options = &options};
    if (shared_runtime_endpoint(&loop, NULL) < 0 || strlen(loop.api) >= sizeof(endpoint.api))
        return;
    endpoint.address = loop.connection.address;
    endpoint.host_size_bytes = loop.host_size_bytes;
    memcpy(endpoint.api, loop.api, strlen(loop.api) + 1);
    endpoint.known = true;
}

static bool await(int fd, short events, int64_t until_us)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};
    int ready;
    do {
        int64_t left_us = until_us - shared_clock_monotonic_us();
        ready = left_us > 0 ? poll(&poll_fd, 1, (int)(left_us / 1000) + 1) : 0;
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* A connection of its own: that of the loop may be in the middle of anything. The answer is waited for, so
 * that the end of the process does not cut the request off. */
static void exchange(struct shared_slice request)
{
    char answer[256];
    int64_t until_us = shared_clock_monotonic_us() + PATIENCE_US;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || (connect(fd, (struct sockaddr *)&endpoint.address, sizeof(endpoint.address)) < 0 &&
                   errno != EINPROGRESS))
        return;
    while (request.size_bytes > 0 && await(fd, POLLOUT, until_us)) {
        ssize_t sent = send(fd, request.data, request.size_bytes, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return;
        if (sent > 0)
            request = shared_slice_of(request.data + sent, request.size_bytes - (size_t)sent);
    }
    while (await(fd, POLLIN, until_us)) {
        ssize_t got = recv(fd, answer, sizeof(answer), 0);
        if (got >= 0 || (errno != EAGAIN && errno != EINTR))
            return;
    }
}

/* An id comes from a header: without what would end the line or the target that it is put into. */
static void append_id(struct shared_buffer *head, const char *id)
{
    for (; (unsigned char)*id > ' '; id++)
        shared_buffer_append(head, id, 1);
}

static void append_target(struct shared_buffer *head, const struct shared_crash_invocation *invocation)
{
    shared_buffer_append_text(head, "POST ");
    shared_buffer_append_text(head, endpoint.api + endpoint.host_size_bytes);
    shared_buffer_append_text(head, SHARED_RUNTIME_API_PATH);
    if (invocation) {
        shared_buffer_append_text(head, "/invocation/");
        append_id(head, invocation->request_id);
        shared_buffer_append_text(head, "/error HTTP/1.1\r\nHost: ");
    } else {
        shared_buffer_append_text(head, "/init/error HTTP/1.1\r\nHost: ");
    }
    shared_buffer_append(head, endpoint.api, endpoint.host_size_bytes);
}

static void append_part(struct shared_buffer *body, const char *before, struct shared_slice part)
{
    shared_buffer_append_text(body, before);
    shared_buffer_append(body, part.data, part.size_bytes);
}

/* Between invocations there is nobody to tell. */
void shared_crash_post(const struct shared_crash_words *words)
{
    static char bytes[4 * SHARED_CRASH_LINE_BYTES], body_bytes[2 * SHARED_CRASH_LINE_BYTES];
    struct shared_buffer head = {.data = bytes, .capacity_bytes = sizeof(bytes)};
    struct shared_buffer body = {.data = body_bytes, .capacity_bytes = sizeof(body_bytes)};
    const struct shared_crash_invocation *invocation = shared_crash_invocation();
    if (!endpoint.known || (!invocation && atomic_load(&shared_crash_served)))
        return;
    append_part(&body, "{\"errorMessage\":", words->message);
    append_part(&body, ",\"errorType\":\"Function.Crash\",\"stackTrace\":[", words->frames);
    shared_buffer_append_text(&body, "]}");

    append_target(&head, invocation);
    shared_buffer_append_text(&head, "\r\nContent-Type: application/json\r\n"
                                     "Lambda-Runtime-Function-Error-Type: Function.Crash\r\n");
    if (invocation && invocation->invocation_id) {
        shared_buffer_append_text(&head, "Lambda-Runtime-Invocation-Id: ");
        append_id(&head, invocation->invocation_id);
        shared_buffer_append_text(&head, "\r\n");
    }
    shared_buffer_append_text(&head, "Content-Length: ");
    shared_json_write_decimal(&head, (int64_t)body.size_bytes, 0);
    append_part(&head, "\r\n\r\n", shared_slice_of(body.data, body.size_bytes));
    if (!head.failed && !body.failed)
        exchange(shared_slice_of(head.data, head.size_bytes));
}
