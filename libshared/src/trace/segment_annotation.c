#include "trace/segment_pair.h"

static bool is_key(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

size_t shared_segment_annotation_begin(struct shared_segment *segment, const char *key,
                                       struct shared_buffer *member)
{
    if (!segment || !segment->trace || !key || !*key ||
        segment->annotation_count == SHARED_SEGMENT_ANNOTATION_LIMIT)
        return 0;
    *member = (struct shared_buffer){.arena = segment->arena};
    shared_buffer_append(member, "\"", 1);
    for (size_t i = 0; key[i] && i < SHARED_SEGMENT_KEY_BYTES; i++)
        shared_buffer_append(member, is_key(key[i]) ? &key[i] : "_", 1);
    shared_buffer_append(member, "\":", 2);
    return member->size_bytes;
}

void shared_segment_annotation_end(struct shared_segment *segment, const struct shared_buffer *member,
                                   size_t key_bytes)
{
    if (shared_segment_add(segment, &segment->annotations, member, key_bytes))
        segment->annotation_count++;
}
