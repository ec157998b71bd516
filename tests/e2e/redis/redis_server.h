/* redis_server.h - Debian's redis-server as a test's own: on a free port, killed, stopped and restarted at
 * will. */
#ifndef E2E_REDIS_SERVER_H
#define E2E_REDIS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* {.folder = …}: where it keeps what it is told, so that sessions outlive it. */
struct redis_server {
    const char *folder;
    int port;  /* chosen at the first start, kept at the next */
    pid_t pid; /* 0: not running */
};

/*
 * Starts it, with up to 8 further arguments, NULL at their end (or NULL), and waits until it answers PING
 * with PONG or, where loading is true, with anything. Exits with a message where it does not. Only the thread
 * that starts it may be the one that ends last: it dies with that thread.
 */
void redis_server_start(struct redis_server *server, const char *const *arguments, bool loading);

void redis_server_kill(struct redis_server *server);   /* SIGKILL: no good-bye to anybody */
void redis_server_freeze(struct redis_server *server); /* SIGSTOP: connections stay, answers do not come */
void redis_server_thaw(struct redis_server *server);

/* Sends one command, "CONFIG SET timeout 1", over a connection of its own; returns the reply without its last
 * CRLF
 * ("+OK", ":1", "$5\r\nhello"), good until the next call; "" where there was none. */
const char *redis_server_command(const struct redis_server *server, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
