#include "symbolize/log_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES ((size_t)64 << 10)

/* Gives what is there of a line that is whole, or is all there will be. */
static bool take(struct log_reader *reader, struct shared_slice *line)
{
    size_t size = reader->end - reader->start;
    if (size == 0)
        return false;
    char *start = reader->bytes + reader->start;
    char *newline =
        size > reader->searched ? memchr(start + reader->searched, '\n', size - reader->searched) : NULL;
    reader->searched = size;
    if (newline)
        size = (size_t)(newline - start) + 1;
    else if (size < LOG_LINE_LIMIT_BYTES && !reader->at_end)
        return false;
    *line = shared_slice_of(start, size);
    reader->start += size;
    reader->searched = 0;
    return true;
}

/* Makes room for one reading behind what is left. */
static bool make_room(struct log_reader *reader)
{
    size_t left = reader->end - reader->start;
    if (reader->start > 0)
        memmove(reader->bytes, reader->bytes + reader->start, left);
    reader->start = 0;
    reader->end = left;
    if (reader->capacity - left >= READ_BYTES)
        return true;
    size_t capacity = 2 * left + READ_BYTES;
    char *bytes = realloc(reader->bytes, capacity);
    if (!bytes)
        return false;
    reader->bytes = bytes;
    reader->capacity = capacity;
    return true;
}

int log_reader_next(struct log_reader *reader, void (*pause)(void), struct shared_slice *line,
                    struct shared_error *err)
{
    while (!take(reader, line)) {
        if (reader->at_end)
            return 0;
        if (!make_room(reader))
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a line of %zu bytes", reader->end);
        if (pause)
            pause();
        ssize_t got = read(reader->fd, reader->bytes + reader->end, READ_BYTES);
        if (got < 0 && errno != EINTR)
            return shared_fail(err, SHARED_EIO, errno, "read the log");
        reader->at_end = got == 0;
        reader->end += got > 0 ? (size_t)got : 0;
    }
    return 1;
}

void log_reader_clean_up(struct log_reader *reader)
{
    free(reader->bytes);
    *reader = (struct log_reader){.fd = -1};
}
