/* runtime_header.h - a header whose value a handler, or Lambda, chose. */
#ifndef SHARED_RUNTIME_HEADER_H
#define SHARED_RUNTIME_HEADER_H

#include <stddef.h>

#define SHARED_RUNTIME_HEADER_BYTES 1024

/* A header of its own, or nothing where there is no value. Nothing that a handler chose may end a line, or be
 * so long that there is no answer. */
struct shared_runtime_header {
    const char *name, *value;
};

static inline struct shared_runtime_header shared_runtime_header(const char *name, const char *value,
                                                                 ptrdiff_t limit_bytes)
{
    for (const char *c = value; value && *c; c++) {
        if ((unsigned char)*c < ' ' || c - value >= limit_bytes)
            value = NULL;
    }
    return value ? (struct shared_runtime_header){name, value} : (struct shared_runtime_header){"", ""};
}

#endif
