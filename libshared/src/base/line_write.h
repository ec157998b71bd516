/* line_write.h - a line to a descriptor, whole or not at all where that can be had. */
#ifndef SHARED_BASE_LINE_WRITE_H
#define SHARED_BASE_LINE_WRITE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes all of a line, with one write(2) where the descriptor takes it: goes on after a signal and a short
 * write, and waits up to 100 ms at a time for a full pipe that does not block. Returns false, with errno set,
 * where it cannot be written.
 */
bool shared_line_write(int fd, const char *line, size_t size_bytes);

#endif
