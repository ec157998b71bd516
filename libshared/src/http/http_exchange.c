#include "http/http_connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

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
static int send_request(int fd, const struct shared_slice request[2])
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

/* Where a peer ended the connection while it was sent to, it may have answered before: 413, say. After any
 * other failure it still waits for the rest, and there is no answer to be had. */
static int try_exchange(struct shared_http_connection *connection, const struct shared_slice request[2],
                        struct shared_arena *arena, struct shared_http_response *response,
                        struct shared_error *err)
{
    bool last = false;
    int sys_errno = send_request(connection->fd, request);
    int status = SHARED_EIO;
    if (sys_errno == 0 || sys_errno == EPIPE || sys_errno == ECONNRESET)
        status = shared_http_response_read(connection->fd, arena, response, &last, err);
    if (status < 0 && sys_errno)
        status = shared_fail(err, SHARED_EIO, sys_errno, "send");
    if (status < 0 || last || sys_errno)
        shared_http_close(connection);
    return status;
}

int shared_http_exchange(struct shared_http_connection *connection, const struct shared_slice request[2],
                         struct shared_arena *arena, struct shared_http_response *response,
                         struct shared_error *err)
{
    if (connection->fd >= 0) {
        int status = try_exchange(connection, request, arena, response, err);
        if (status != SHARED_EIO)
            return status;
    }
    int status = establish(connection, err);
    return status < 0 ? status : try_exchange(connection, request, arena, response, err);
}
