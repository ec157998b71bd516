#include "json/json_write.h"

void shared_json_write_key(struct shared_buffer *buffer, const char *name)
{
    if (buffer->size_bytes && buffer->data[buffer->size_bytes - 1] != '{')
        shared_buffer_append(buffer, ",", 1);
    shared_json_write_string(buffer, shared_slice_from_text(name));
    shared_buffer_append(buffer, ":", 1);
}

void shared_json_write_member(struct shared_buffer *buffer, const char *name, const char *text)
{
    shared_json_write_key(buffer, name);
    shared_json_write_string(buffer, shared_slice_from_text(text));
}
