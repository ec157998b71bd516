#include <shared/log.h>

#include "json/json_write.h"

void shared_log_write_milliseconds(struct shared_buffer *line, const struct shared_log_field *field)
{
    shared_json_write_decimal(line, field->value.number, 3);
}
