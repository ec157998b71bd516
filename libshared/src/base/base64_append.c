#include "base/base64.h"

void shared_base64_append(struct shared_buffer *buffer, struct shared_slice data)
{
    size_t size = shared_base64_encoded_bytes(data.size_bytes);
    char *room = size ? shared_buffer_reserve(buffer, size) : NULL;
    if (!room)
        return;
    shared_base64_encode(room, data);
    buffer->size_bytes += size;
}
