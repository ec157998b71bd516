/* http_connection.h - one kept-alive connection to an HTTP/1.1 server, one exchange at a time. */
#ifndef SHARED_HTTP_CONNECTION_H
#define SHARED_HTTP_CONNECTION_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/uio.h>

/* The largest head and body of a response that are taken: ten and five times what Lambda sends. */
#define SHARED_HTTP_HEAD_LIMIT_BYTES (64u << 10)
#define SHARED_HTTP_BODY_LIMIT_BYTES (32u << 20)

struct shared_http_connection {
    int fd; /* -1: none yet, or lost; the next exchange connects */
    struct sockaddr_in address;
};

/* In the arena. The head's lines and the body end where a NUL or CR may be written over. */
struct shared_http_response {
    int status;
    struct shared_slice lines; /* header lines, for shared_http_header_next */
    struct shared_slice body;
};

/*
 * Sends a request, given in at most 8 parts, and reads its final response. A kept-alive connection that
 * breaks is made again at once, and the request sent again: once. Fails with SHARED_EIO where a connection
 * cannot be made or breaks, SHARED_EPROTO where the answer is not HTTP or is over the limits, SHARED_ENOMEM;
 * the connection is closed then.
 */
int shared_http_exchange(struct shared_http_connection *connection, const struct iovec *parts,
                         size_t part_count, struct shared_arena *arena, struct shared_http_response *response,
                         struct shared_error *err);

/* Closes the connection, if there is one. */
void shared_http_close(struct shared_http_connection *connection);

/* Reads one response from a connected socket; sets *close where the connection does not outlive it. */
int shared_http_response_read(int fd, struct shared_arena *arena, struct shared_http_response *response,
                              bool *close, struct shared_error *err);

#endif
