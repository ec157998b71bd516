#include <shared/log.h>

#include "json/json_write.h"

void shared_log_write_text(struct shared_buffer *line, const struct shared_log_field *field)
{
    if (field->value.text.data)
        shared_json_write_string(line, field->value.text);
    else
        shared_buffer_append_text(line, "null");
}
