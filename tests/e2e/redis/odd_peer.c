#include "odd_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 64
#define TURN_MS 20

struct odd_peer {
    enum odd_peer_kind kind;
    int listener, ending[2]; /* a pipe whose end ends the thread */
    int fds[CONNECTIONS];    /* for DEAF: those that fill the queue */
    int count;
    pthread_t thread;
};

static void hang_up(int fd)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(fd);
}

static void answer_and_leave(int fd)
{
    send(fd, "+OK\r\n", 5, MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    usleep(TURN_MS * 1000);
    hang_up(fd);
}

/* Takes what came, and treats the connection as its kind does. Returns whether it stays. */
static int treat(const struct odd_peer *peer, int fd)
{
    static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    char bytes[4096];
    ssize_t got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got > 0 && peer->kind == ODD_PEER_LEAVES) {
        answer_and_leave(fd);
        return 0;
    }
    if (got == 0 || (got > 0 && peer->kind == ODD_PEER_RESETS)) {
        hang_up(fd);
        return 0;
    }
    if (peer->kind == ODD_PEER_DRIBBLES)
        send(fd, "+", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    else if (got > 0 && peer->kind == ODD_PEER_HTTP)
        send(fd, http, sizeof(http) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    return 1;
}

static void *run(void *argument)
{
    struct odd_peer *peer = argument;
    struct pollfd ready[2] = {{.fd = peer->ending[0], .events = POLLIN},
                              {.fd = peer->listener, .events = POLLIN}};
    while (poll(ready, peer->kind == ODD_PEER_DEAF ? 1 : 2, TURN_MS) >= 0 && !ready[0].revents) {
        if (ready[1].revents && peer->count < CONNECTIONS)
            peer->fds[peer->count++] = accept(peer->listener, NULL, NULL);
        for (int i = 0; i < peer->count && peer->kind != ODD_PEER_DEAF; i++) {
            if (!treat(peer, peer->fds[i]))
                peer->fds[i--] = peer->fds[--peer->count];
        }
    }
    return NULL;
}

/* Once the queue is full Linux drops whatever comes, and who connects waits. */
static void fill_queue(struct odd_peer *peer, const struct sockaddr_in *address)
{
    for (peer->count = 0; peer->count < 8; peer->count++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        peer->fds[peer->count] = fd;
        if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 && errno != EINPROGRESS)
            abort();
    }
}

struct odd_peer *odd_peer_open(enum odd_peer_kind kind, int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    struct odd_peer *peer = calloc(1, sizeof(*peer));
    if (!peer || pipe(peer->ending) < 0)
        abort();
    peer->kind = kind;
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(peer->listener, (struct sockaddr *)&address, size) < 0 ||
        listen(peer->listener, kind == ODD_PEER_DEAF ? 0 : 16) < 0 ||
        getsockname(peer->listener, (struct sockaddr *)&address, &size) < 0) {
        perror("odd_peer: listen");
        exit(1);
    }
    *port = ntohs(address.sin_port);
    if (kind == ODD_PEER_DEAF)
        fill_queue(peer, &address);
    if (pthread_create(&peer->thread, NULL, run, peer) != 0)
        abort();
    return peer;
}

void odd_peer_close(struct odd_peer *peer)
{
    close(peer->ending[1]);
    pthread_join(peer->thread, NULL);
    for (int i = 0; i < peer->count; i++)
        close(peer->fds[i]);
    close(peer->ending[0]);
    close(peer->listener);
    free(peer);
}
