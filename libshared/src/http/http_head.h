/* http_head.h - the head of an HTTP/1.1 response (RFC 9112), read in place. */
#ifndef SHARED_HTTP_HEAD_H
#define SHARED_HTTP_HEAD_H

#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

struct shared_http_head {
    int status;
    bool close;   /* the connection does not outlive the response */
    bool chunked; /* else length_bytes tells, where has_length */
    bool has_length;
    size_t length_bytes;
    struct shared_slice lines; /* the header lines, for shared_http_header_next; borrowed from the input */
};

/*
 * Reads a head. Returns its size with the empty line that ends it, 0 where the input does not hold all of it
 * yet, and -1 where it is not one. seen_bytes of the input were looked at before: they hold no end.
 */
ptrdiff_t shared_http_head_read(struct shared_slice input, size_t seen_bytes, struct shared_http_head *head);

/* Takes the next line off *lines; false at the end. The value is trimmed; a line without colon has an empty
 * name. */
bool shared_http_header_next(struct shared_slice *lines, struct shared_slice *name,
                             struct shared_slice *value);

#endif
