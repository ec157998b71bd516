/* http_head.h - the head of an HTTP/1.1 response (RFC 9112), read in place. */
#ifndef SHARED_HTTP_HEAD_H
#define SHARED_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#define SHARED_HTTP_LENGTH_UNKNOWN ((size_t)-1)

/* Status line and header lines, each with its line end. */
struct shared_http_lines {
    char *begin, *end;
};

struct shared_http_head {
    struct shared_http_lines lines;
    int status;
    bool close;          /* the connection does not outlive the response */
    bool chunked;        /* overrides the length (RFC 9112, section 6.3) */
    size_t length_bytes; /* of the body, or SHARED_HTTP_LENGTH_UNKNOWN */
};

/*
 * Reads a head from an input of at least one byte. Returns its size with the empty line that ends it, 0 where
 * the input does not hold all of it yet, and -1 where it is not one.
 */
ptrdiff_t shared_http_head_read(char *input, size_t size_bytes, struct shared_http_head *head);

/*
 * The trimmed value of the first header of that name, whatever its case, or NULL where there is none. It is
 * ended by a NUL, which is written over the CR or space behind it.
 */
char *shared_http_header(const struct shared_http_lines *lines, const char *name);

/* Reads a whole text as a decimal number. Returns false where it is none. */
bool shared_http_number(const char *text, unsigned long long *number);

/* Whether a value is the one wanted, but for the case of its letters. wanted is a literal. */
#define SHARED_HTTP_IS(value, wanted) (strncasecmp((value), (wanted), sizeof(wanted)) == 0)

#endif
