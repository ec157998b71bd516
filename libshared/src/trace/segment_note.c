#include "trace/segment_pair.h"

#include "json/json_write.h"

void shared_segment_note(struct shared_segment *segment, const char *key, const char *text)
{
    if (!segment || !segment->trace || !key)
        return;
    struct shared_buffer member = {.arena = segment->arena};
    shared_json_write_key(&member, key);
    size_t key_bytes = member.size_bytes;
    if (text)
        shared_json_write_string(&member, shared_slice_from_text(text));
    else
        shared_buffer_append_text(&member, "null");
    shared_segment_add(segment, &segment->metadata, &member, key_bytes);
}
