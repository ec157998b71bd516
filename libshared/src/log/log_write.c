#include <shared/log.h>

#include "base/line_write.h"
#include "base/timestamp.h"
#include "log/log_levels.h"
#include "log/log_line.h"
#include "json/json_write.h"

#define STACK_BYTES 2048
#define TRUNCATED ",\"truncated\":true}\n"

/* A message leaves room for the other keys. What is kept of one that does not fits however it is escaped:
 * each byte may become six. */
#define MESSAGE_ROOM_BYTES (SHARED_LOG_LINE_BYTES - 1024)
#define MESSAGE_CUT_BYTES (SHARED_LOG_LINE_BYTES / 8)

/* Returns whether the message stands in the line as a whole. */
static bool write_message(struct shared_buffer *line, struct shared_slice text)
{
    bool whole = true;
    size_t before = line->size_bytes;
    while (text.size_bytes >= MESSAGE_ROOM_BYTES ||
           (shared_json_write_string(line, text), line->size_bytes > MESSAGE_ROOM_BYTES)) {
        line->size_bytes = before;
        text.size_bytes = MESSAGE_CUT_BYTES;
        whole = false;
    }
    return whole;
}

/* What one value of these is too long for loses the rest. */
bool shared_log_write_fields(struct shared_buffer *line, struct shared_slice members,
                             const struct shared_log_field *fields, size_t field_count)
{
    for (size_t i = 0; i <= field_count && !line->failed; i++) {
        size_t before = line->size_bytes;
        if (i == 0) {
            shared_buffer_append(line, members.data, members.size_bytes);
        } else {
            shared_json_write_key(line, fields[i - 1].name);
            fields[i - 1].write(line, &fields[i - 1]);
        }
        if (line->failed || line->size_bytes > SHARED_LOG_LINE_BYTES - sizeof(TRUNCATED)) {
            line->failed = false;
            line->size_bytes = before;
            return false;
        }
    }
    return true;
}

static void write_line(struct shared_buffer *line, const struct shared_log *log, const char *level,
                       const char *message, const struct shared_log_field *fields, size_t field_count)
{
    static const char head[] = "\",\"timestamp\":\"0000-00-00T00:00:00.000Z\",\"message\":";
    shared_buffer_append_text(line, "{\"level\":\"");
    shared_buffer_append_text(line, level);
    shared_buffer_append_text(line, head);
    shared_timestamp_write(line->data + line->size_bytes - (sizeof(head) - sizeof("\",\"timestamp\":\"")));
    bool whole = write_message(line, shared_slice_from_text(message));
    if (log->request_id)
        shared_json_write_member(line, "requestId", log->request_id);
    if (log->function_name)
        shared_json_write_member(line, "functionName", log->function_name);
    whole &= shared_log_write_fields(line, log->members, fields, field_count);
    shared_buffer_append_text(line, whole ? "}\n" : TRUNCATED);
}

/* Short lines, nearly all, are put together on the stack. */
void shared_log_with(const struct shared_log *log, enum shared_log_level level, const char *message,
                     const struct shared_log_field *fields, size_t field_count)
{
    if (!log || level < log->level)
        return;
    char stack[STACK_BYTES];
    struct shared_arena arena = {0};
    struct shared_buffer line = {.arena = &arena, .data = stack, .capacity_bytes = sizeof(stack)};
    write_line(&line, log, shared_log_level_names[level], message, fields, field_count);
    if (log->hold)
        log->hold->put(log, level, &line);
    else if (!line.failed)
        shared_line_write(log->fd, line.data, line.size_bytes);
    shared_arena_clean_up(&arena);
}
