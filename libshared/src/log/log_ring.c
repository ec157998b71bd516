#include "log/log_ring.h"

#include "base/line_write.h"

#include <string.h>

/* A line ends where its LF is: JSON text has no other. */
static void forget_oldest(struct shared_log_ring *ring)
{
    char c;
    do {
        c = ring->bytes[ring->first++];
        if (ring->first == ring->capacity_bytes)
            ring->first = 0;
        ring->used_bytes--;
    } while (c != '\n');
    ring->lost++;
}

static void keep(struct shared_log_ring *ring, const struct shared_buffer *line)
{
    if (line->failed || line->size_bytes > ring->capacity_bytes) {
        ring->lost++;
        return;
    }
    while (ring->capacity_bytes - ring->used_bytes < line->size_bytes)
        forget_oldest(ring);
    size_t at = (ring->first + ring->used_bytes) % ring->capacity_bytes;
    size_t to_end = ring->capacity_bytes - at;
    size_t piece = line->size_bytes < to_end ? line->size_bytes : to_end;
    memcpy(ring->bytes + at, line->data, piece);
    memcpy(ring->bytes, line->data + piece, line->size_bytes - piece);
    ring->used_bytes += line->size_bytes;
}

static void reverse(char *from, char *to)
{
    while (from < to) {
        char c = *from;
        *from++ = *--to;
        *to = c;
    }
}

/* What wraps around the end of the ring is turned to its beginning: a line is written at once. */
static void release(const struct shared_log *log)
{
    struct shared_log_ring *ring = (void *)log->hold;
    pthread_mutex_lock(&ring->lock);
    if (ring->used_bytes > ring->capacity_bytes - ring->first) {
        reverse(ring->bytes, ring->bytes + ring->first);
        reverse(ring->bytes + ring->first, ring->bytes + ring->capacity_bytes);
        reverse(ring->bytes, ring->bytes + ring->capacity_bytes);
        ring->first = 0;
    }
    const char *line = ring->bytes + ring->first, *end = line + ring->used_bytes;
    while (line < end) {
        const char *next = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
        shared_line_write(log->fd, line, (size_t)(next - line));
        line = next;
    }
    ring->first = ring->used_bytes = 0;
    pthread_mutex_unlock(&ring->lock);
}

static void put(const struct shared_log *log, enum shared_log_level level, const struct shared_buffer *line)
{
    struct shared_log_ring *ring = (void *)log->hold;
    if (level < ring->level) {
        pthread_mutex_lock(&ring->lock);
        keep(ring, line);
        pthread_mutex_unlock(&ring->lock);
        return;
    }
    if (ring->released_by_error && level >= SHARED_LOG_ERROR)
        release(log);
    if (!line->failed)
        shared_line_write(log->fd, line->data, line->size_bytes);
}

void shared_log_ring_init(struct shared_log_ring *ring, struct shared_log *log, enum shared_log_level lowest,
                          char *bytes, size_t capacity_bytes)
{
    *ring = (struct shared_log_ring){
        .hold = {put, release},
        .level = log->level,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .bytes = bytes,
        .capacity_bytes = capacity_bytes,
    };
    if (bytes && lowest < log->level) {
        log->level = lowest;
        log->hold = &ring->hold;
    }
}
