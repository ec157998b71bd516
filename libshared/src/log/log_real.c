#include <shared/log.h>

#include "json/json_write.h"

void shared_log_write_real(struct shared_buffer *line, const struct shared_log_field *field)
{
    shared_json_write_real(line, field->value.real);
}
