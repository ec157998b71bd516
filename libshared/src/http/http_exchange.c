#include "http/http_connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PARTS 8

void shared_http_close(struct shared_http_connection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
}

static int establish(struct shared_http_connection *connection, struct shared_error *err)
{
    int one = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "make a socket");
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
    shared_fail(err, SHARED_EIO, errno, "connect to Lambda");
    shared_http_close(connection);
    return SHARED_EIO;
}

/* Takes bytes that were sent off the parts. */
static void advance(struct msghdr *message, size_t sent)
{
    while (message->msg_iovlen && sent >= message->msg_iov->iov_len) {
        sent -= message->msg_iov->iov_len;
        message->msg_iov++;
        message->msg_iovlen--;
    }
    if (message->msg_iovlen) {
        message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + sent;
        message->msg_iov->iov_len -= sent;
    }
}

/* Returns 0 or the errno of what went wrong. */
static int send_parts(int fd, const struct iovec *parts, size_t part_count)
{
    struct iovec rest[MAX_PARTS];
    struct msghdr message = {.msg_iov = rest, .msg_iovlen = part_count};
    memcpy(rest, parts, part_count * sizeof(*parts));
    while (message.msg_iovlen) {
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return errno;
        if (sent >= 0)
            advance(&message, (size_t)sent);
    }
    return 0;
}

/* Even where sending broke off the peer may have answered: 413, say, before it closed the connection. */
static int try_exchange(struct shared_http_connection *connection, const struct iovec *parts,
                        size_t part_count, struct shared_arena *arena, struct shared_http_response *response,
                        struct shared_error *err)
{
    bool last = false;
    int sys_errno = send_parts(connection->fd, parts, part_count);
    int status = shared_http_response_read(connection->fd, arena, response, &last, err);
    if (status < 0 && sys_errno)
        shared_fail(err, SHARED_EIO, sys_errno, "send to Lambda");
    if (status < 0 || last || sys_errno)
        shared_http_close(connection);
    return status;
}

int shared_http_exchange(struct shared_http_connection *connection, const struct iovec *parts,
                         size_t part_count, struct shared_arena *arena, struct shared_http_response *response,
                         struct shared_error *err)
{
    if (connection->fd >= 0) {
        int status = try_exchange(connection, parts, part_count, arena, response, err);
        if (status != SHARED_EIO)
            return status;
    }
    int status = establish(connection, err);
    return status < 0 ? status : try_exchange(connection, parts, part_count, arena, response, err);
}
