/* log_reader.h - lines of any length and bytes from a descriptor, each as soon as it is whole. */
#ifndef PACKER_LOG_READER_H
#define PACKER_LOG_READER_H

#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

/* A line that is longer is given in pieces: what stands across their ends is not seen as one. */
#define LOG_LINE_LIMIT_BYTES ((size_t)16 << 20)

/* {.fd = …} at first. */
struct log_reader {
    int fd;
    char *bytes; /* malloc */
    size_t capacity, start, end, searched;
    bool at_end;
};

/*
 * Gives the next line with its '\n'; the last may have none. Valid until the next call. Before it waits
 * for more it calls pause, which may be NULL. Returns 1, 0 at the end, SHARED_EIO or SHARED_ENOMEM.
 */
int log_reader_next(struct log_reader *reader, void (*pause)(void), struct shared_slice *line,
                    struct shared_error *err);

void log_reader_clean_up(struct log_reader *reader);

#endif
