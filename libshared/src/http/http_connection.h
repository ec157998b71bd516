/* http_connection.h - one kept-alive connection to an HTTP/1.1 server, one exchange at a time. */
#ifndef SHARED_HTTP_CONNECTION_H
#define SHARED_HTTP_CONNECTION_H

#include "http/http_head.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <netinet/in.h>
#include <stdbool.h>

/* The largest head and body of a response that are taken: several times what Lambda sends. */
#define SHARED_HTTP_HEAD_LIMIT_BYTES (64u << 10)
#define SHARED_HTTP_BODY_LIMIT_BYTES (32u << 20)

struct shared_http_connection {
    int fd; /* -1: none yet, or lost; the next exchange connects */
    struct sockaddr_in address;
};

/* In the arena, for its user to write over. */
struct shared_http_response {
    struct shared_http_lines lines; /* for shared_http_header */
    int status;
    struct shared_slice body; /* a NUL follows that is not counted */
};

/*
 * Sends a request, head and body, and reads its final response. A kept-alive connection that breaks is made
 * again at once, and the request sent again: once. Fails with SHARED_EIO where a connection cannot be made or
 * breaks, SHARED_EPROTO where the answer is not HTTP or is over the limits, SHARED_ENOMEM; the connection is
 * closed then.
 */
int shared_http_exchange(struct shared_http_connection *connection, const struct shared_slice request[2],
                         struct shared_arena *arena, struct shared_http_response *response,
                         struct shared_error *err);

/* Closes the connection, if there is one. */
void shared_http_close(struct shared_http_connection *connection);

/* Connects to the address. Fails with SHARED_EIO; fd is -1 then. */
int shared_http_connect(struct shared_http_connection *connection, struct shared_error *err);

/* Sends head and body. Returns 0 or the errno of what went wrong. */
int shared_http_send(int fd, const struct shared_slice request[2]);

/* Reads one response from a connected socket; sets *close where the connection does not outlive it. */
int shared_http_response_read(int fd, struct shared_arena *arena, struct shared_http_response *response,
                              bool *close, struct shared_error *err);

#endif
