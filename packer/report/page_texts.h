/* page_texts.h - the texts of a page, each once: names come again and again, in every function. */
#ifndef PACKER_PAGE_TEXTS_H
#define PACKER_PAGE_TEXTS_H

#include "base/json_out.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

/* {.arena = …} is an empty one; what it holds lives in the arena. */
struct page_texts {
    struct shared_arena *arena;
    const char **items; /* in the order in which they were first added */
    size_t count, room;
    uint32_t *slots; /* places in items + 1, found by hash; 0: free */
    size_t slot_count;
};

/* Gives the place of a text, which is kept, not copied. SHARED_ENOMEM. */
int page_texts_add(struct page_texts *texts, const char *text, uint32_t *place, struct shared_error *err);

/* An array of all of them. */
void page_texts_write(struct json_out *json, const char *name, const struct page_texts *texts);

#endif
