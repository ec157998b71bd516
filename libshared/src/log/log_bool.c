#include <shared/log.h>

#include "json/json_write.h"

void shared_log_write_bool(struct shared_buffer *line, const struct shared_log_field *field)
{
    shared_buffer_append_text(line, field->value.truth ? "true" : "false");
}
