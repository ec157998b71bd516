#include "trace/segment_id.h"
#include "trace/segment_pair.h"

#include "base/clock.h"
#include "json/json_write.h"

#include <string.h>
#include <sys/socket.h>

#define STACK_BYTES 2048

/* A datagram over IPv4 takes so many, fewer than the 64 KB of a document. */
#define DATAGRAM_BYTES 65507

/* "Required segment fields": what a name may hold, of ASCII. */
static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (c && strchr(" _.:/%&#=+\\-@", c));
}

static void write_name(struct shared_buffer *document, const char *name)
{
    char text[SHARED_SEGMENT_NAME_BYTES];
    size_t size = 0;
    for (; name && name[size] && size < sizeof(text); size++)
        text[size] = is_name(name[size]) ? name[size] : '_';
    shared_json_write_key(document, "name");
    shared_json_write_string(document, size ? shared_slice_of(text, size) : shared_slice_of("_", 1));
}

static void write_time(struct shared_buffer *document, const char *key, int64_t us)
{
    shared_json_write_key(document, key);
    shared_json_write_decimal(document, us, 6);
}

static void write_pairs(struct shared_buffer *document, const struct shared_segment_pair *pair)
{
    for (; pair; pair = pair->next) {
        shared_buffer_append(document, pair->member.data, pair->member.size_bytes);
        if (pair->next)
            shared_buffer_append(document, ",", 1);
    }
}

static void write_error(struct shared_buffer *document, const struct shared_error *error)
{
    char id[17];
    shared_segment_id(id);
    shared_buffer_append_text(document, ",\"fault\":true,\"cause\":{\"exceptions\":[{");
    shared_json_write_member(document, "id", id);
    shared_json_write_member(document, "type", shared_error_name(error->code));
    shared_json_write_member(document, "message", error->text);
    shared_buffer_append_text(document, "}]}");
}

/* "Subsegments": one that is sent by itself has trace_id, parent_id and type. */
static void write_document(struct shared_buffer *document, const struct shared_segment *segment,
                           int64_t end_us, const struct shared_error *error)
{
    shared_buffer_append_text(document, "{\"format\":\"json\",\"version\":1}\n{");
    write_name(document, segment->name);
    shared_json_write_member(document, "id", segment->id);
    shared_json_write_member(document, "trace_id", segment->trace->header.root);
    if (segment->parent_id[0]) {
        shared_json_write_member(document, "parent_id", segment->parent_id);
        shared_json_write_member(document, "type", "subsegment");
    }
    write_time(document, "start_time", segment->began_us);
    write_time(document, "end_time", end_us);
    if (segment->name_space)
        shared_json_write_member(document, "namespace", segment->name_space);
    if (error)
        write_error(document, error);
    if (segment->annotations) {
        shared_buffer_append_text(document, ",\"annotations\":{");
        write_pairs(document, segment->annotations);
        shared_buffer_append(document, "}", 1);
    }
    if (segment->metadata) {
        shared_buffer_append_text(document, ",\"metadata\":{\"default\":{");
        write_pairs(document, segment->metadata);
        shared_buffer_append(document, "}}", 2);
    }
    shared_buffer_append(document, "}", 1);
}

/* Returns whether there is no use in trying again with less. */
static bool send_document(const struct shared_segment *segment, int64_t end_us,
                          const struct shared_error *error)
{
    char stack[STACK_BYTES];
    struct shared_arena arena = {0};
    struct shared_buffer document = {.arena = &arena, .data = stack, .capacity_bytes = sizeof(stack)};
    write_document(&document, segment, end_us, error);
    bool fits = !document.failed && document.size_bytes <= DATAGRAM_BYTES;
    if (fits) {
        ssize_t sent =
            send(segment->trace->fd, document.data, document.size_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)sent; /* a trace is not worth more than a try */
    }
    shared_arena_clean_up(&arena);
    return fits;
}

void shared_segment_close(struct shared_segment *segment, const struct shared_error *error)
{
    if (!segment || !segment->trace)
        return;
    int64_t took_us = shared_clock_monotonic_us() - segment->began_clock_us;
    int64_t end_us = segment->began_us + (took_us > 0 ? took_us : 0);
    if (!send_document(segment, end_us, error)) {
        segment->metadata = NULL;
        if (!send_document(segment, end_us, error)) {
            segment->annotations = NULL;
            send_document(segment, end_us, error);
        }
    }
    segment->trace = NULL;
}
