/*
 * bare_sockets.c - the baseline of the benchmark: the least C that echoes events over the Runtime API.
 *
 * One kept-alive connection, one buffer that grows, four system calls an invocation. It believes everything
 * it is told: no error is handled, no header is read but the two it cannot do without, and whatever breaks
 * ends the program.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char *buffer;
static size_t capacity = 8192;

static void send_all(int fd, char *head, size_t head_size, char *body, size_t body_size)
{
    struct iovec parts[] = {{head, head_size}, {body, body_size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    size_t left = head_size + body_size;
    while (left) {
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0)
            exit(1);
        left -= (size_t)sent;
        for (int i = 0; i < 2; i++) {
            size_t taken = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + taken;
            parts[i].iov_len -= taken;
            sent -= (ssize_t)taken;
        }
    }
}

/* The value of a header in the head that the buffer begins with; of none the program dies. */
static char *header(const char *name)
{
    char *line = strcasestr(buffer, name);
    if (!line)
        exit(1);
    return line + strlen(name);
}

/* One answer with a Content-Length into the buffer. Returns where its body begins. */
static char *receive(int fd, size_t *body_size)
{
    size_t size = 0, wanted = 0;
    char *end = NULL;
    while (!end || size < wanted) {
        ssize_t received = recv(fd, buffer + size, capacity - size - 1, 0);
        if (received <= 0)
            exit(1);
        size += (size_t)received;
        buffer[size] = '\0';
        if (!end && (end = strstr(buffer, "\r\n\r\n"))) {
            *body_size = strtoul(header("\r\nContent-Length:"), NULL, 10);
            wanted = (size_t)(end + 4 - buffer) + *body_size;
            size_t at = (size_t)(end - buffer);
            if (wanted >= capacity && !(buffer = realloc(buffer, capacity = wanted + 1)))
                exit(1);
            end = buffer + at;
        }
    }
    return end + 4;
}

int main(void)
{
    char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    char host[64] = {0}, next[256], head[512], *port = api ? strchr(api, ':') : NULL;
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (!port || port - api >= (ptrdiff_t)sizeof(host) || !(buffer = malloc(capacity)))
        return 1;
    memcpy(host, api, (size_t)(port - api));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port + 1))};
    inet_pton(AF_INET, host, &address.sin_addr);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        return 1;
    size_t next_size = (size_t)snprintf(
        next, sizeof(next), "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", api);
    for (;;) {
        size_t size, ignored;
        send_all(fd, next, next_size, NULL, 0);
        char *body = receive(fd, &size);
        char *id = header("\r\nLambda-Runtime-Aws-Request-Id: ");
        size_t head_size =
            (size_t)snprintf(head, sizeof(head),
                             "POST /2018-06-01/runtime/invocation/%.*s/response HTTP/1.1\r\nHost: "
                             "%s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                             (int)strcspn(id, "\r"), id, api, size);
        send_all(fd, head, head_size, body, size);
        receive(fd, &ignored);
    }
}
