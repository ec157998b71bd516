#include "http/http_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

void shared_http_close(struct shared_http_connection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
}

/* Where a peer ended the connection while it was sent to, it may have answered before: 413, say. After any
 * other failure it still waits for the rest, and there is no answer to be had. */
static int try_exchange(struct shared_http_connection *connection, const struct shared_slice request[2],
                        struct shared_arena *arena, struct shared_http_response *response,
                        struct shared_error *err)
{
    bool last = false;
    int sys_errno = shared_http_send_all(connection->fd, request);
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
    int status = shared_http_establish(connection, err);
    return status < 0 ? status : try_exchange(connection, request, arena, response, err);
}
