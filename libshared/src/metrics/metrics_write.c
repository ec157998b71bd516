#include "metrics/metrics_member.h"

#include "base/clock.h"
#include "base/line_write.h"
#include "json/json_write.h"

#define STACK_BYTES 2048

static const char units[][13] = {
    [SHARED_METRICS_COUNT] = "Count",
    [SHARED_METRICS_SECONDS] = "Seconds",
    [SHARED_METRICS_MILLISECONDS] = "Milliseconds",
    [SHARED_METRICS_MICROSECONDS] = "Microseconds",
    [SHARED_METRICS_BYTES] = "Bytes",
    [SHARED_METRICS_KILOBYTES] = "Kilobytes",
    [SHARED_METRICS_MEGABYTES] = "Megabytes",
    [SHARED_METRICS_PERCENT] = "Percent",
    [SHARED_METRICS_BYTES_PER_SECOND] = "Bytes/Second",
    [SHARED_METRICS_COUNT_PER_SECOND] = "Count/Second",
};

/* Appends a comma where something stands before it in the array. */
static void separate(struct shared_buffer *line)
{
    if (!line->failed && line->data[line->size_bytes - 1] != '[')
        shared_buffer_append(line, ",", 1);
}

static void write_definition(struct shared_buffer *line, const struct shared_metrics_member *member)
{
    shared_buffer_append(line, "{", 1);
    shared_json_write_member(line, "Name", member->name);
    if (member->unit != SHARED_METRICS_NONE)
        shared_json_write_member(line, "Unit", units[member->unit]);
    shared_buffer_append_text(line, member->high ? ",\"StorageResolution\":1}" : "}");
}

/* "Metadata object" of the specification. */
static void write_metadata(struct shared_buffer *line, const struct shared_metrics *metrics)
{
    const struct shared_metrics_member *end = metrics->members + metrics->count;
    int64_t now_ms = metrics->timestamp_ms ? metrics->timestamp_ms : shared_clock_real_us() / 1000;
    shared_buffer_append_text(line, "{\"_aws\":{\"Timestamp\":");
    shared_json_write_decimal(line, now_ms, 0);
    shared_buffer_append_text(line, ",\"CloudWatchMetrics\":[{\"Namespace\":");
    shared_json_write_string(line, shared_slice_from_text(metrics->name_space));
    shared_buffer_append_text(line, ",\"Dimensions\":[[");
    for (const struct shared_metrics_member *member = metrics->members; member < end; member++) {
        if (member->kind != SHARED_METRICS_DIMENSION)
            continue;
        separate(line);
        shared_json_write_string(line, shared_slice_from_text(member->name));
    }
    shared_buffer_append_text(line, "]],\"Metrics\":[");
    for (const struct shared_metrics_member *member = metrics->members; member < end; member++) {
        if (member->count == 0)
            continue;
        separate(line);
        write_definition(line, member);
    }
    shared_buffer_append_text(line, "]}]}");
}

static void write_values(struct shared_buffer *line, const struct shared_metrics_member *member)
{
    shared_json_write_key(line, member->name);
    if (member->count > 1)
        shared_buffer_append(line, "[", 1);
    for (size_t i = 0; i < member->count; i++) {
        if (i > 0)
            shared_buffer_append(line, ",", 1);
        shared_json_write_quick_real(line, member->values[i]);
    }
    if (member->count > 1)
        shared_buffer_append(line, "]", 1);
}

/* "Target members". Properties come last: one that there is no room for is left out. */
static void write_members(struct shared_buffer *line, struct shared_metrics *metrics)
{
    const struct shared_metrics_member *end = metrics->members + metrics->count;
    for (const struct shared_metrics_member *member = metrics->members; member < end; member++) {
        if (member->kind == SHARED_METRICS_DIMENSION)
            shared_json_write_member(line, member->name, member->text);
        else if (member->count > 0)
            write_values(line, member);
    }
    for (const struct shared_metrics_member *member = metrics->members; member < end; member++) {
        if (member->kind != SHARED_METRICS_PROPERTY || line->failed)
            continue;
        size_t before = line->size_bytes;
        shared_json_write_key(line, member->name);
        if (member->text)
            shared_json_write_string(line, shared_slice_from_text(member->text));
        else
            shared_buffer_append_text(line, "null");
        if (line->failed || line->size_bytes > SHARED_METRICS_LINE_BYTES - 2) {
            line->failed = false;
            line->size_bytes = before;
            shared_metrics_refuse(metrics, SHARED_ETOOBIG, member->name, "no room for it in the line");
        }
    }
}

void shared_metrics_write(struct shared_metrics *metrics)
{
    if (metrics->metric_count == 0)
        return;
    char stack[STACK_BYTES];
    struct shared_arena arena = {0};
    struct shared_buffer line = {.arena = &arena, .data = stack, .capacity_bytes = sizeof(stack)};
    write_metadata(&line, metrics);
    write_members(&line, metrics);
    shared_buffer_append(&line, "}\n", 2);
    if (line.failed)
        shared_metrics_refuse(metrics, SHARED_ENOMEM, metrics->name_space,
                              "memory for a document is exhausted");
    else if (!shared_line_write(metrics->fd, line.data, line.size_bytes))
        shared_metrics_refuse(metrics, SHARED_EIO, metrics->name_space, "the document cannot be written");
    shared_arena_clean_up(&arena);

    for (size_t i = 0; i < metrics->count; i++)
        metrics->members[i].count = 0;
    metrics->metric_count = metrics->size_bytes = 0;
}
