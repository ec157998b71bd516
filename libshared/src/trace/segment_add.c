#include "trace/segment_pair.h"

/* Which of two members of one name counts is every reader's own choice (RFC 8259, section 4). */
bool shared_segment_add(struct shared_segment *segment, struct shared_segment_pair **list,
                        const struct shared_buffer *member, size_t key_bytes)
{
    if (member->failed)
        return false;
    struct shared_segment_pair *pair = *list;
    struct shared_slice key = {member->data, key_bytes};
    while (pair && !shared_slice_equal(shared_slice_of(pair->member.data, pair->key_bytes), key))
        pair = pair->next;
    bool is_new = !pair;
    if (is_new) {
        pair = shared_arena_alloc(segment->arena, sizeof(*pair));
        if (!pair)
            return false;
        pair->next = *list;
        pair->key_bytes = key_bytes;
        *list = pair;
    }
    pair->member = shared_slice_of(member->data, member->size_bytes);
    return is_new;
}
