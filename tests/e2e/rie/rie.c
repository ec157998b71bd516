#include "rie.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_SEC 30
#define ANSWER_SEC 60

static struct sockaddr_in local_address(int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    return address;
}

/* Two ports that were free a moment ago; both are held until both are known. */
static int find_ports(int ports[2])
{
    int fds[2], status = 0;
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = local_address(0);
        socklen_t size = sizeof(address);
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fds[i] < 0 || bind(fds[i], (struct sockaddr *)&address, size) < 0 ||
            getsockname(fds[i], (struct sockaddr *)&address, &size) < 0)
            status = -1;
        ports[i] = ntohs(address.sin_port);
    }
    close(fds[0]);
    close(fds[1]);
    return status;
}

static _Noreturn void run(const char *program, const char *function, const int ports[2])
{
    char api[32], invoke[32];
    snprintf(api, sizeof(api), "127.0.0.1:%d", ports[0]);
    snprintf(invoke, sizeof(invoke), "127.0.0.1:%d", ports[1]);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* it takes the function with it */
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execl(program, program, "--runtime-api-address", api, "--runtime-interface-emulator-address", invoke,
          "--log-level", "error", function, (char *)NULL);
    fprintf(stderr, "cannot run %s: %s\n", program, strerror(errno));
    _exit(127);
}

static int connect_to(int port)
{
    struct sockaddr_in address = local_address(port);
    struct timeval patience = {.tv_sec = ANSWER_SEC};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

int rie_start(const char *program, const char *function, struct rie *rie)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    int ports[2];
    if (find_ports(ports) < 0 || (rie->pid = fork()) < 0)
        return -1;
    if (rie->pid == 0)
        run(program, function, ports);
    rie->port = ports[1];
    for (int i = 0; i < START_SEC * 50; i++) {
        int fd = connect_to(rie->port);
        if (fd >= 0) {
            close(fd);
            return 0;
        }
        if (waitpid(rie->pid, NULL, WNOHANG) == rie->pid) {
            rie->pid = -1;
            break;
        }
        nanosleep(&pause, NULL);
    }
    fprintf(stderr, "%s does not listen on port %d\n", program, rie->port);
    rie_stop(rie);
    return -1;
}

void rie_stop(struct rie *rie)
{
    if (rie->pid <= 0)
        return;
    kill(rie->pid, SIGTERM);
    while (waitpid(rie->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    rie->pid = -1;
}

static bool send_all(int fd, const char *data, size_t size_bytes)
{
    while (size_bytes) {
        ssize_t sent = send(fd, data, size_bytes, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size_bytes -= (size_t)sent;
    }
    return true;
}

static char *receive_all(int fd, size_t *size_bytes)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t size;
    *size_bytes = 0;
    do {
        if (capacity - *size_bytes < 65536) {
            char *grown = realloc(text, capacity = capacity * 2 + 131072);
            if (!grown)
                break;
            text = grown;
        }
        size = recv(fd, text + *size_bytes, capacity - *size_bytes - 1, 0);
        *size_bytes += size > 0 ? (size_t)size : 0;
    } while (size > 0);
    if (text)
        text[*size_bytes] = '\0';
    return text;
}

/* HTTP/1.0: the answer is not chunked and ends with the connection. */
int rie_invoke(const struct rie *rie, const char *header, const char *event, size_t event_bytes,
               struct rie_answer *answer)
{
    char head[1024];
    size_t size = 0;
    int head_bytes =
        snprintf(head, sizeof(head),
                 "POST /2015-03-31/functions/function/invocations HTTP/1.0\r\nHost: 127.0.0.1:%d\r\n"
                 "Content-Length: %zu\r\n%s%s\r\n",
                 rie->port, event_bytes, header ? header : "", header ? "\r\n" : "");
    *answer = (struct rie_answer){0};
    int fd = connect_to(rie->port);
    if (fd >= 0 && send_all(fd, head, (size_t)head_bytes) && send_all(fd, event, event_bytes))
        answer->text = receive_all(fd, &size);
    if (fd >= 0)
        close(fd);
    const char *end = answer->text ? strstr(answer->text, "\r\n\r\n") : NULL;
    if (!end || sscanf(answer->text, "HTTP/%*s %d", &answer->status) != 1)
        return -1;
    answer->body = end + 4;
    answer->body_bytes = size - (size_t)(answer->body - answer->text);
    return 0;
}
