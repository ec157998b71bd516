#include "trace/segment_pair.h"

bool shared_segment_add(struct shared_segment *segment, struct shared_segment_pair **list,
                        const struct shared_buffer *member)
{
    struct shared_segment_pair *pair =
        member->failed ? NULL : shared_arena_alloc(segment->arena, sizeof(*pair));
    if (!pair)
        return false;
    *pair = (struct shared_segment_pair){*list, {member->data, member->size_bytes}};
    *list = pair;
    return true;
}
