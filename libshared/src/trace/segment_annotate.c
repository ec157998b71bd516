#include "trace/segment_pair.h"

#include "json/json_write.h"

#include <string.h>

void shared_segment_annotate(struct shared_segment *segment, const char *key, const char *text)
{
    struct shared_buffer member;
    size_t size = text ? strnlen(text, SHARED_SEGMENT_TEXT_BYTES) : 0;
    size_t key_bytes = shared_segment_annotation_begin(segment, key, &member);
    if (!key_bytes)
        return;
    shared_json_write_string(&member, shared_slice_of(text, size));
    shared_segment_annotation_end(segment, &member, key_bytes);
}
