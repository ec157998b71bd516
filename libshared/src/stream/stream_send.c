#include "stream/stream_inner.h"

#include "runtime/runtime_loop.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { HEAD, SIZE, HELD, BYTES, END, TAIL, PARTS };

/*
 * The loop's connection is the stream's while it lasts: what a handler leaves undone cannot end up in the
 * loop's next exchange. One that Lambda has closed meanwhile, or on which there is something to read, is made
 * again: there will be no second try for what was sent.
 */
static int take_connection(struct shared_stream *stream, struct shared_error *err)
{
    struct shared_http_connection *connection = &stream->context->loop->connection;
    char byte;
    if (connection->fd >= 0 &&
        (recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || (errno != EAGAIN && errno != EINTR)))
        shared_http_close(connection);
    int status = connection->fd < 0 ? shared_http_connect(connection, err) : 0;
    stream->fd = connection->fd;
    connection->fd = -1;
    return status;
}

/* There is something to read before the end was sent: an answer, or the end of the connection. */
static int hear(const struct shared_stream *stream, struct shared_error *err)
{
    struct shared_runtime_loop *loop = stream->context->loop;
    struct shared_http_response response;
    bool last;
    int status = shared_http_response_read(stream->fd, &loop->arena, &response, &last, err);
    if (status < 0)
        return status;
    struct shared_error early;
    shared_fail(&early, SHARED_EPROTO, 0, "invocation %s was ended while its answer was streamed: status %d",
                stream->context->request_id, response.status);
    shared_runtime_report(loop, &early);
    if (err)
        *err = early;
    return SHARED_EPROTO;
}

/* A wait for room is one for an early answer too: it may come from a peer that reads no further. */
static int send_parts(const struct shared_stream *stream, struct iovec *parts, struct shared_error *err)
{
    for (int first = 0;;) {
        while (first < PARTS && parts[first].iov_len == 0)
            first++;
        if (first == PARTS)
            return 0;
        struct pollfd ready = {.fd = stream->fd, .events = POLLIN | POLLOUT};
        if (poll(&ready, 1, -1) > 0 && ready.revents & POLLIN)
            return hear(stream, err);
        const struct msghdr message = {.msg_iov = parts + first, .msg_iovlen = (size_t)(PARTS - first)};
        ssize_t sent = sendmsg(stream->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return shared_fail(err, SHARED_EIO, errno, "send the stream");
        for (int i = first; sent > 0; i++) {
            size_t done = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + done;
            parts[i].iov_len -= done;
            sent -= (ssize_t)done;
        }
    }
}

static struct iovec part(struct shared_slice slice)
{
    return (struct iovec){(char *)slice.data, slice.size_bytes};
}

/* RFC 9112, section 7.1. An empty chunk would be the last. */
static int send_chunk(const struct shared_stream *stream, struct shared_slice bytes, struct shared_slice tail,
                      struct shared_error *err)
{
    char line[24];
    size_t size = stream->held_bytes + bytes.size_bytes;
    int line_bytes = size ? snprintf(line, sizeof(line), "%zx\r\n", size) : 0;
    struct iovec parts[PARTS] = {
        [HEAD] = part(stream->head),
        [SIZE] = {line, (size_t)line_bytes},
        [HELD] = {(char *)stream->held, stream->held_bytes},
        [BYTES] = part(bytes),
        [END] = {(char *)"\r\n", size ? 2 : 0},
        [TAIL] = part(tail),
    };
    return send_parts(stream, parts, err);
}

/* While nothing of an answer has gone before, all of it is still there to be sent once more. */
int shared_stream_send(struct shared_stream *stream, struct shared_slice bytes, struct shared_slice tail,
                       struct shared_error *err)
{
    struct shared_http_connection lost = {.fd = -1};
    int status = 0, tries = stream->head.data ? 2 : 1;
    do {
        if (stream->head.data)
            status = take_connection(stream, err);
        if (status == 0)
            status = send_chunk(stream, bytes, tail, err);
        if (status == 0)
            break;
        lost.fd = stream->fd;
        stream->fd = -1;
        shared_http_close(&lost);
    } while (status == SHARED_EIO && --tries);
    stream->head = (struct shared_slice){0};
    stream->held_bytes = 0;
    return stream->code = status;
}
