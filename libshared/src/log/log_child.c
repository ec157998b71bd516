#include <shared/log.h>

#include "log/log_line.h"

bool shared_log_child(struct shared_log *child, const struct shared_log *parent, struct shared_arena *arena,
                      const struct shared_log_field *fields, size_t field_count)
{
    static const struct shared_log none = {.fd = -1, .level = (enum shared_log_level)(SHARED_LOG_FATAL + 1)};
    *child = parent ? *parent : none;
    if (child->level > SHARED_LOG_FATAL)
        return true;

    /* A member stands behind a comma where something stands before it. */
    struct shared_buffer members = {.arena = arena};
    shared_buffer_append(&members, "}", 1);
    bool whole = shared_log_write_fields(&members, child->members, fields, field_count);
    if (members.size_bytes > 1)
        child->members = shared_slice_of(members.data + 1, members.size_bytes - 1);
    return whole && !members.failed;
}
