#include "redis_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_SEC 30
#define ARGUMENTS 32

static _Noreturn void give_up(const char *what, const struct redis_server *server)
{
    fprintf(stderr, "redis-server: %s: %s; its log is %s/log\n", what, strerror(errno), server->folder);
    exit(1);
}

static struct sockaddr_in address_of(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
}

static int free_port(const struct redis_server *server)
{
    struct sockaddr_in address = address_of(0);
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        give_up("find a free port", server);
    close(fd);
    return ntohs(address.sin_port);
}

/* What is answered has been given to the kernel before (appendfsync no): a killed Redis has lost none of it.
 */
static _Noreturn void run(const struct redis_server *server, const char *const *arguments, pid_t parent)
{
    char port[16];
    const char *argv[ARGUMENTS] = {"redis-server", "--port",        port,        "--bind", "127.0.0.1",
                                   "--dir",        server->folder,  "--logfile", "log",    "--appendonly",
                                   "yes",          "--appendfsync", "no",        "--save", ""};
    int count = 0;
    while (argv[count])
        count++;
    snprintf(port, sizeof(port), "%d", server->port);
    for (; arguments && *arguments && count < ARGUMENTS - 1; arguments++)
        argv[count++] = *arguments;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    if (getppid() == parent)
        execvp(argv[0], (char *const *)argv);
    _exit(127);
}

void redis_server_start(struct redis_server *server, const char *const *arguments, bool loading)
{
    pid_t parent = getpid();
    if (!server->port)
        server->port = free_port(server);
    server->pid = fork();
    if (server->pid == 0)
        run(server, arguments, parent);
    if (server->pid < 0)
        give_up("fork", server);
    for (int waited_ms = 0; waited_ms < START_SEC * 1000; waited_ms += 5) {
        const char *reply = redis_server_command(server, "PING");
        if (strcmp(reply, "+PONG") == 0 || (loading && *reply))
            return;
        if (waitpid(server->pid, NULL, WNOHANG) != 0)
            give_up("it ended", server);
        usleep(5000);
    }
    give_up("it does not answer", server);
}

void redis_server_kill(struct redis_server *server)
{
    if (!server->pid)
        return;
    kill(server->pid, SIGKILL);
    while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    server->pid = 0;
}

/* A stop is done when the kernel says so, not when the signal was sent. */
void redis_server_freeze(struct redis_server *server)
{
    int status = 0;
    kill(server->pid, SIGSTOP);
    while (waitpid(server->pid, &status, WUNTRACED) < 0 && errno == EINTR)
        ;
    if (!WIFSTOPPED(status))
        give_up("it cannot be stopped", server);
}

void redis_server_thaw(struct redis_server *server)
{
    kill(server->pid, SIGCONT);
}

const char *redis_server_command(const struct redis_server *server, const char *format, ...)
{
    static _Thread_local char reply[8192];
    struct sockaddr_in address = address_of(server->port);
    struct timeval patience = {.tv_sec = 10};
    char command[4096];
    ssize_t size = 0;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(command, sizeof(command) - 2, format, arguments);
    va_end(arguments);
    memcpy(command + length, "\r\n", 2);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        send(fd, command, (size_t)length + 2, MSG_NOSIGNAL) == length + 2)
        size = recv(fd, reply, sizeof(reply) - 1, 0);
    close(fd);
    size = size > 2 ? size - 2 : 0;
    reply[size] = '\0';
    return reply;
}
