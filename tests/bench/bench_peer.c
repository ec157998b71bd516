#include "bench_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT_SEC 120

static const char accepted[] =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
    "{\"status\":\"OK\"}\n";

void bench_server_open(struct bench_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = TIMEOUT_SEC};
    setsockopt(server->listener, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, size) < 0 ||
        listen(server->listener, 16) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) < 0)
        bench_die("listen: %s", strerror(errno));
    snprintf(server->api, sizeof(server->api), "AWS_LAMBDA_RUNTIME_API=127.0.0.1:%d",
             ntohs(address.sin_port));
    bench_pin_to_one_processor();
}

void bench_server_close(struct bench_server *server)
{
    close(server->listener);
}

void bench_event_init(struct bench_event *event, size_t body_bytes)
{
    char head[1024];
    int head_bytes = snprintf(
        head, sizeof(head),
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
        "Lambda-Runtime-Deadline-Ms: 4102444800000\r\n"
        "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:echo\r\n"
        "Lambda-Runtime-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0\r\n"
        "Date: Sat, 31 Jan 2026 12:00:00 GMT\r\nContent-Length: %zu\r\n\r\n",
        body_bytes);
    event->answer_bytes = (size_t)head_bytes + body_bytes;
    event->answer = malloc(event->answer_bytes);
    if (!event->answer)
        bench_die("no memory for an event of %zu bytes", body_bytes);
    char *body = memcpy(event->answer, head, (size_t)head_bytes);
    body += head_bytes;
    for (size_t i = 0; i < body_bytes; i++)
        body[i] = (char)('0' + (i * 7 + i / 1000) % 75);
    event->body = body;
    event->body_bytes = body_bytes;
}

void bench_event_clean_up(struct bench_event *event)
{
    free(event->answer);
}

static void send_all(const struct bench_peer *peer, const char *data, size_t size_bytes)
{
    while (size_bytes) {
        ssize_t sent = send(peer->fd, data, size_bytes, MSG_NOSIGNAL);
        if (sent <= 0)
            bench_die("send to the function: %s", strerror(errno));
        data += sent;
        size_bytes -= (size_t)sent;
    }
}

/* Receives one request. Returns its body. */
static const char *receive(struct bench_peer *peer, size_t *body_bytes)
{
    size_t wanted = 0, head_bytes = 0;
    for (peer->input_bytes = 0; !head_bytes || peer->input_bytes < wanted;) {
        ssize_t size =
            recv(peer->fd, peer->input + peer->input_bytes, peer->capacity_bytes - peer->input_bytes - 1, 0);
        if (size <= 0)
            bench_die("receive from the function: %s", size ? strerror(errno) : "it closed the connection");
        peer->input_bytes += (size_t)size;
        peer->input[peer->input_bytes] = '\0';
        const char *end = head_bytes ? NULL : strstr(peer->input, "\r\n\r\n");
        if (!end)
            continue;
        const char *length = strcasestr(peer->input, "\r\nContent-Length:");
        head_bytes = (size_t)(end - peer->input) + 4;
        *body_bytes = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
        wanted = head_bytes + *body_bytes;
        if (wanted >= peer->capacity_bytes)
            bench_die("the function sends %zu bytes", wanted);
    }
    return peer->input + head_bytes;
}

static void expect_next(struct bench_peer *peer)
{
    size_t body_bytes;
    receive(peer, &body_bytes);
    if (strncmp(peer->input, "GET /2018-06-01/runtime/invocation/next ", 40) != 0)
        bench_die("/next was expected: %.80s", peer->input);
}

static _Noreturn void run_program(const struct bench_server *server, char *const *argv)
{
    char *environment[] = {(char *)server->api, (char *)"TZ=:UTC", (char *)"LAMBDA_TASK_ROOT=/var/task",
                           NULL};
    /* What it says of its end is no part of the table. */
    if (!freopen("/dev/null", "w", stderr))
        _exit(127);
    execve(argv[0], argv, environment);
    _exit(127);
}

void bench_peer_start(struct bench_server *server, char *const *argv, struct bench_peer *peer)
{
    int one = 1;
    *peer = (struct bench_peer){.capacity_bytes = 8u << 20};
    peer->input = malloc(peer->capacity_bytes);
    if (!peer->input)
        bench_die("no memory");
    double start_sec = bench_now_sec();
    peer->pid = fork();
    if (peer->pid == 0)
        run_program(server, argv);
    peer->fd = peer->pid < 0 ? -1 : accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
    if (peer->fd < 0)
        bench_die("%s does not connect: %s", argv[0], strerror(errno));
    struct timeval patience = {.tv_sec = TIMEOUT_SEC};
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    setsockopt(peer->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    expect_next(peer);
    peer->start_sec = bench_now_sec() - start_sec;
}

double bench_peer_invoke(struct bench_peer *peer, const struct bench_event *event, long count)
{
    double start_sec = bench_now_sec();
    for (long i = 0; i < count; i++) {
        size_t body_bytes;
        send_all(peer, event->answer, event->answer_bytes);
        const char *body = receive(peer, &body_bytes);
        if (body_bytes != event->body_bytes || memcmp(body, event->body, body_bytes) != 0)
            bench_die("the answer is not the event: %zu bytes, expected %zu", body_bytes, event->body_bytes);
        send_all(peer, accepted, sizeof(accepted) - 1);
        expect_next(peer);
    }
    return bench_now_sec() - start_sec;
}

long bench_peer_memory_kib(const struct bench_peer *peer, const char *name)
{
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)peer->pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            kib = strtol(line + strlen(name) + 1, NULL, 10);
    }
    if (file)
        fclose(file);
    return kib;
}

void bench_peer_end(struct bench_peer *peer, bool by_itself)
{
    static const char failed[] = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
    if (by_itself)
        send_all(peer, failed, sizeof(failed) - 1);
    else
        kill(peer->pid, SIGKILL);
    close(peer->fd);
    while (waitpid(peer->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    free(peer->input);
}
