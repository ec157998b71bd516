/* segment_pair.h - what is noted of a segment, for the files of this folder. */
#ifndef SHARED_SEGMENT_PAIR_H
#define SHARED_SEGMENT_PAIR_H

#include "base/buffer.h"

#include <shared/trace.h>

#define SHARED_SEGMENT_NAME_BYTES 200
#define SHARED_SEGMENT_ANNOTATION_LIMIT 50
#define SHARED_SEGMENT_KEY_BYTES 500
#define SHARED_SEGMENT_TEXT_BYTES 1000

/* One of a list, in JSON: "key":value. */
struct shared_segment_pair {
    struct shared_segment_pair *next;
    struct shared_slice member;
    size_t key_bytes; /* of the member, its colon included */
};

/* Puts a member in front of a list, or in the place of the one that has its key. Returns whether there is one
 * more; not where memory is exhausted. */
bool shared_segment_add(struct shared_segment *segment, struct shared_segment_pair **list,
                        const struct shared_buffer *member, size_t key_bytes);

/* Begins an annotation: its key and colon are in member, which grows in the segment's arena. Returns their
 * bytes, 0 where there is none to be made. */
size_t shared_segment_annotation_begin(struct shared_segment *segment, const char *key,
                                       struct shared_buffer *member);
void shared_segment_annotation_end(struct shared_segment *segment, const struct shared_buffer *member,
                                   size_t key_bytes);

#endif
