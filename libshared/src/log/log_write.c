#include <shared/log.h>

#include "log/log_levels.h"
#include "json/json_write.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES 2048
#define TRUNCATED ",\"truncated\":true"

/* A message leaves room for the other keys. What is kept of one that does not fits however it is escaped:
 * each byte may become six. */
#define MESSAGE_ROOM_BYTES (SHARED_LOG_LINE_BYTES - 1024)
#define MESSAGE_CUT_BYTES (SHARED_LOG_LINE_BYTES / 8)

/*
 * The proleptic Gregorian date of a day since 1970-01-01. Years are counted from March, so that the leap day
 * is the last of one; a cycle of 400 years has 146,097 days. gmtime would bring 115 KB of time zones into a
 * static program.
 */
static void date_of(int64_t day, int64_t *year, int *month, int *day_of_month)
{
    day += 719468; /* to 0000-03-01 */
    int64_t cycle = day / 146097, of_cycle = day % 146097;
    int64_t year_of_cycle = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
    int of_year = (int)(of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100));
    int from_march = (5 * of_year + 2) / 153;
    *day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = cycle * 400 + year_of_cycle + (*month <= 2);
}

/* RFC 3339 in UTC with milliseconds. */
static void write_timestamp(struct shared_buffer *line)
{
    char text[64];
    struct timespec now;
    int64_t year;
    int month, day;
    clock_gettime(CLOCK_REALTIME, &now);
    date_of(now.tv_sec / 86400, &year, &month, &day);
    int second = (int)(now.tv_sec % 86400);
    snprintf(text, sizeof(text), "%04lld-%02d-%02dT%02d:%02d:%02d.%03ldZ", (long long)year, month, day,
             second / 3600, second / 60 % 60, second % 60, now.tv_nsec / 1000000);
    shared_json_write_member(line, "timestamp", text);
}

/* 17 digits bring every double back; a comma is what some locales make of the point. */
static void write_real(struct shared_buffer *line, double real)
{
    char text[32];
    if (!(real - real == 0)) {
        shared_buffer_append_text(line, "null");
        return;
    }
    snprintf(text, sizeof(text), "%.17g", real);
    char *comma = strchr(text, ',');
    if (comma)
        *comma = '.';
    shared_buffer_append_text(line, text);
}

static void write_field(struct shared_buffer *line, const struct shared_log_field *field)
{
    char number[24];
    shared_json_write_key(line, field->name);
    switch (field->kind) {
    case SHARED_LOG_TEXT:
        if (field->value.text.data)
            shared_json_write_string(line, field->value.text);
        else
            shared_buffer_append_text(line, "null");
        break;
    case SHARED_LOG_NUMBER:
        snprintf(number, sizeof(number), "%lld", (long long)field->value.number);
        shared_buffer_append_text(line, number);
        break;
    case SHARED_LOG_REAL:
        write_real(line, field->value.real);
        break;
    case SHARED_LOG_BOOL:
        shared_buffer_append_text(line, field->value.truth ? "true" : "false");
        break;
    }
}

/* Returns whether the message stands in the line as a whole. */
static bool write_message(struct shared_buffer *line, struct shared_slice text)
{
    shared_json_write_key(line, "message");
    size_t before = line->size_bytes;
    if (text.size_bytes < MESSAGE_ROOM_BYTES)
        shared_json_write_string(line, text);
    if (line->size_bytes > before && line->size_bytes <= MESSAGE_ROOM_BYTES)
        return true;
    line->size_bytes = before;
    if (text.size_bytes > MESSAGE_CUT_BYTES)
        text.size_bytes = MESSAGE_CUT_BYTES;
    shared_json_write_string(line, text);
    return false;
}

/* Returns whether all of them stand in the line. */
static bool write_fields(struct shared_buffer *line, const struct shared_log_field *fields,
                         size_t field_count)
{
    for (size_t i = 0; i < field_count && !line->failed; i++) {
        size_t before = line->size_bytes;
        write_field(line, &fields[i]);
        if (line->failed || line->size_bytes > SHARED_LOG_LINE_BYTES - sizeof(TRUNCATED "}\n")) {
            line->failed = false;
            line->size_bytes = before;
            return false;
        }
    }
    return true;
}

/* Short lines, nearly all, are put together on the stack. */
void shared_log_with(const struct shared_log *log, enum shared_log_level level, const char *message,
                     const struct shared_log_field *fields, size_t field_count)
{
    if (level < log->level)
        return;
    char stack[STACK_BYTES];
    struct shared_arena arena = {0};
    struct shared_buffer line = {.arena = &arena, .data = stack, .capacity_bytes = sizeof(stack)};
    shared_buffer_append(&line, "{", 1);
    shared_json_write_member(&line, "level", shared_log_level_names[level]);
    write_timestamp(&line);
    bool whole = write_message(&line, shared_slice_from_text(message));
    if (log->request_id)
        shared_json_write_member(&line, "requestId", log->request_id);
    if (log->function_name)
        shared_json_write_member(&line, "functionName", log->function_name);
    if (!write_fields(&line, fields, field_count) || !whole)
        shared_buffer_append_text(&line, TRUNCATED);
    shared_buffer_append(&line, "}\n", 2);
    ssize_t written = line.failed ? -1 : write(log->fd, line.data, line.size_bytes);
    (void)written; /* there is nowhere to say that it failed */
    shared_arena_clean_up(&arena);
}

void shared_log(const struct shared_log *log, enum shared_log_level level, const char *message)
{
    shared_log_with(log, level, message, NULL, 0);
}
