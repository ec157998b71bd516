#include "log/log_ring.h"

#include "base/line_write.h"

#include <string.h>

static void reverse(char *from, char *to)
{
    while (from < to) {
        char c = *from;
        *from++ = *--to;
        *to = c;
    }
}

/* What wraps around the end of the ring is turned to its beginning: a line is written at once. */
void shared_log_release(const struct shared_log *log)
{
    if (!log || !log->hold)
        return;
    struct shared_log_ring *ring = (void *)log->hold;
    pthread_mutex_lock(&ring->lock);
    reverse(ring->bytes, ring->bytes + ring->first);
    reverse(ring->bytes + ring->first, ring->bytes + ring->capacity_bytes);
    reverse(ring->bytes, ring->bytes + ring->capacity_bytes);
    const char *line = ring->bytes, *end = line + ring->used_bytes;
    while (line < end) {
        const char *next = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
        shared_line_write(log->fd, line, (size_t)(next - line));
        line = next;
    }
    ring->first = ring->used_bytes = 0;
    pthread_mutex_unlock(&ring->lock);
}
