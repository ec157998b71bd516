#include "trace/segment_pair.h"

#include "json/json_write.h"

void shared_segment_annotate_number(struct shared_segment *segment, const char *key, double number)
{
    struct shared_buffer member;
    size_t key_bytes = shared_segment_annotation_begin(segment, key, &member);
    if (!key_bytes)
        return;
    if (number - number == 0)
        shared_json_write_quick_real(&member, number);
    else
        shared_buffer_append_text(&member, number > 0 ? "\"inf\"" : number < 0 ? "\"-inf\"" : "\"nan\"");
    shared_segment_annotation_end(segment, &member, key_bytes);
}
