#include "base/buffer.h"

#include <stdint.h>
#include <string.h>

char *shared_buffer_reserve(struct shared_buffer *buffer, size_t size_bytes)
{
    if (buffer->failed)
        return NULL;
    if (size_bytes <= buffer->capacity_bytes - buffer->size_bytes)
        return buffer->data + buffer->size_bytes;

    size_t capacity = (buffer->size_bytes + size_bytes) * 2;
    char *grown = NULL;
    if (buffer->arena && size_bytes < PTRDIFF_MAX / 4)
        grown = shared_arena_resize(buffer->arena, buffer->data, buffer->size_bytes, capacity);
    if (!grown) {
        buffer->failed = true;
        return NULL;
    }
    buffer->data = grown;
    buffer->capacity_bytes = capacity;
    return grown + buffer->size_bytes;
}

void shared_buffer_append(struct shared_buffer *buffer, const void *data, size_t size_bytes)
{
    if (size_bytes == 0)
        return;
    char *room = shared_buffer_reserve(buffer, size_bytes);
    if (!room)
        return;
    memcpy(room, data, size_bytes);
    buffer->size_bytes += size_bytes;
}

void shared_buffer_append_text(struct shared_buffer *buffer, const char *text)
{
    shared_buffer_append(buffer, text, strlen(text));
}
