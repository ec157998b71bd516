#include "text_out.h"

#include <stdint.h>
#include <string.h>

static bool grow(struct text_out *out, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX / 4 || out->size_bytes > SIZE_MAX / 4)
        return false;
    size_t capacity = out->size_bytes + size_bytes;
    capacity = capacity < 128 ? 256 : capacity * 2;
    char *data = shared_arena_resize(out->arena, out->data, out->capacity_bytes, capacity);
    if (!data)
        return false;
    out->data = data;
    out->capacity_bytes = capacity;
    return true;
}

void text_out_append(struct text_out *out, const void *data, size_t size_bytes)
{
    if (out->failed || !size_bytes)
        return;
    if (size_bytes > out->capacity_bytes - out->size_bytes && !grow(out, size_bytes)) {
        out->failed = true;
        return;
    }
    memcpy(out->data + out->size_bytes, data, size_bytes);
    out->size_bytes += size_bytes;
}

void text_out_append_text(struct text_out *out, const char *text)
{
    text_out_append(out, text, strlen(text));
}
