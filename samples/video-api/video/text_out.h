/* text_out.h - a text that grows in an arena; its maker looks once, at the end, whether memory sufficed. */
#ifndef VIDEO_TEXT_OUT_H
#define VIDEO_TEXT_OUT_H

#include <shared/arena.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

/* {.arena = arena} is an empty one. */
struct text_out {
    struct shared_arena *arena;
    char *data;
    size_t size_bytes;
    size_t capacity_bytes;
    bool failed; /* memory was exhausted; nothing is appended any more */
};

void text_out_append(struct text_out *out, const void *data, size_t size_bytes);
void text_out_append_text(struct text_out *out, const char *text);

/* What was appended; the arena owns it. */
static inline struct shared_slice text_out_slice(const struct text_out *out)
{
    return shared_slice_of(out->data, out->size_bytes);
}

#endif
