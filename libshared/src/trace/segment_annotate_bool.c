#include "trace/segment_pair.h"

void shared_segment_annotate_bool(struct shared_segment *segment, const char *key, bool truth)
{
    struct shared_buffer member;
    size_t key_bytes = shared_segment_annotation_begin(segment, key, &member);
    if (!key_bytes)
        return;
    shared_buffer_append_text(&member, truth ? "true" : "false");
    shared_segment_annotation_end(segment, &member, key_bytes);
}
