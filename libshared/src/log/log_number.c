#include <shared/log.h>

#include "base/buffer.h"

#include <stdio.h>

void shared_log_write_number(struct shared_buffer *line, const struct shared_log_field *field)
{
    char text[24];
    snprintf(text, sizeof(text), "%lld", (long long)field->value.number);
    shared_buffer_append_text(line, text);
}
