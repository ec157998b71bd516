#include "emulator_inner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES 65536

double emulator_now_sec(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A socket that is bound and does not listen keeps its port and refuses connections. */
int emulator_listen(struct emulator *emulator, bool accepting)
{
    int one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)emulator->port)};
    socklen_t size = sizeof(address);
    if (emulator->listener >= 0)
        close(emulator->listener);
    emulator->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(emulator->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (emulator->listener < 0 ||
        bind(emulator->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        (accepting && listen(emulator->listener, EMULATOR_CONNECTIONS) < 0) ||
        getsockname(emulator->listener, (struct sockaddr *)&address, &size) < 0)
        return emulator_fail(emulator, "listen on port %d: %s", emulator->port, strerror(errno));
    emulator->port = ntohs(address.sin_port);
    return 0;
}

int emulator_accept(struct emulator *emulator)
{
    int one = 1, place = 0;
    while (place < EMULATOR_CONNECTIONS && emulator->connections[place].fd >= 0)
        place++;
    int fd = accept4(emulator->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (place == EMULATOR_CONNECTIONS) {
        close(fd);
        return emulator_fail(emulator, "more than %d connections at once", EMULATOR_CONNECTIONS);
    }
    emulator->connections[place] =
        (struct emulator_connection){.fd = fd, .number = ++emulator->run->connections};
    return place;
}

void emulator_hang_up(struct emulator_connection *connection, bool reset)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (connection->fd < 0)
        return;
    if (reset)
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(connection->fd);
    free(connection->data);
    free(connection->chunks.trailers);
    *connection = (struct emulator_connection){.fd = -1};
}

double emulator_deadline_sec(const struct emulator *emulator)
{
    return emulator_now_sec() + (emulator->options->timeout_sec ? emulator->options->timeout_sec : 60);
}

int emulator_receive(struct emulator *emulator, struct emulator_connection *connection, size_t most_bytes)
{
    if (connection->capacity_bytes - connection->size_bytes < READ_BYTES) {
        size_t capacity = connection->capacity_bytes * 2 + READ_BYTES;
        char *grown = realloc(connection->data, capacity);
        if (!grown)
            return emulator_fail(emulator, "no memory for %zu bytes", capacity);
        connection->data = grown;
        connection->capacity_bytes = capacity;
    }
    size_t room = connection->capacity_bytes - connection->size_bytes;
    ssize_t size = recv(connection->fd, connection->data + connection->size_bytes,
                        most_bytes && most_bytes < room ? most_bytes : room, 0);
    if (size > 0) {
        connection->size_bytes += (size_t)size;
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
        bool whole = connection->chunks.begun
                         ? connection->chunks.ended
                         : emulator_request_size(connection->data, connection->size_bytes, false) != 0;
        if (connection->size_bytes && !whole)
            emulator_violation(emulator, "connection %d was closed in the middle of a request",
                               connection->number);
        emulator_hang_up(connection, false);
    }
    return 0;
}

static void take_standard_error(struct emulator *emulator)
{
    struct emulator_run *run = emulator->run;
    char piece[4096];
    ssize_t size = read(emulator->standard_error, piece, sizeof(piece));
    if (size < 0 && errno == EINTR)
        return;
    if (size <= 0) {
        close(emulator->standard_error);
        emulator->standard_error = -1;
        return;
    }
    char *grown = realloc(run->standard_error, run->standard_error_bytes + (size_t)size + 1);
    if (!grown)
        return;
    run->standard_error = grown;
    memcpy(grown + run->standard_error_bytes, piece, (size_t)size);
    run->standard_error_bytes += (size_t)size;
    grown[run->standard_error_bytes] = '\0';
    if (emulator->options->echo_standard_error && write(STDERR_FILENO, piece, (size_t)size) < 0)
        return;
}

int emulator_wait(struct emulator *emulator, struct pollfd *fds, nfds_t count, double deadline_sec)
{
    struct pollfd all[EMULATOR_CONNECTIONS + 2];
    double left_sec = deadline_sec - emulator_now_sec();
    if (count)
        memcpy(all, fds, count * sizeof(*fds));
    all[count] = (struct pollfd){.fd = emulator->standard_error, .events = POLLIN};
    int ready = poll(all, count + 1, left_sec > 0 ? (int)(left_sec * 1000) + 1 : 0);
    if (ready < 0 && errno == EINTR)
        return 1;
    for (nfds_t i = 0; i < count; i++)
        fds[i].revents = ready > 0 ? all[i].revents : 0;
    if (ready > 0 && all[count].revents)
        take_standard_error(emulator);
    return ready > 0 ? 1 : ready;
}

bool emulator_send(struct emulator *emulator, int fd, const char *data, size_t size_bytes,
                   double deadline_sec)
{
    while (size_bytes) {
        ssize_t sent = send(fd, data, size_bytes, MSG_NOSIGNAL);
        struct pollfd writable = {.fd = fd, .events = POLLOUT};
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (sent < 0 && emulator_wait(emulator, &writable, 1, deadline_sec) <= 0)
            return false;
        data += sent > 0 ? sent : 0;
        size_bytes -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}
