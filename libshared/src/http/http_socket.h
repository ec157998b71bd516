/*
 * http_socket.h - the two things that are done to a connection's socket, but for reading a response.
 *
 * They are inline so that a program whose only exchanges are shared_http_exchange pays for no call; what does
 * more with a connection calls shared_http_connect and shared_http_send, and all of that shares one copy.
 */
#ifndef SHARED_HTTP_SOCKET_H
#define SHARED_HTTP_SOCKET_H

#include "http/http_connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

static inline int shared_http_establish(struct shared_http_connection *connection, struct shared_error *err)
{
    int one = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "socket");
    /* The last, short segment of a long answer must not wait for an acknowledgement that is delayed by 40 ms.
     */
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    int status;
    do
        status =
            connect(connection->fd, (struct sockaddr *)&connection->address, sizeof(connection->address));
    while (status < 0 && errno == EINTR);
    if (status == 0)
        return 0;
    shared_fail(err, SHARED_EIO, errno, "connect");
    shared_http_close(connection);
    return SHARED_EIO;
}

/* Returns 0 or the errno of what went wrong. A signal may leave a long body sent in part. */
static inline int shared_http_send_all(int fd, const struct shared_slice request[2])
{
    const struct shared_slice head = request[0], body = request[1];
    size_t done = 0;
    while (done < head.size_bytes + body.size_bytes) {
        size_t in_head = done < head.size_bytes ? done : head.size_bytes;
        size_t in_body = done - in_head;
        struct iovec parts[2] = {{(char *)head.data + in_head, head.size_bytes - in_head},
                                 {(char *)body.data + in_body, body.size_bytes - in_body}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent >= 0)
            done += (size_t)sent;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

#endif
