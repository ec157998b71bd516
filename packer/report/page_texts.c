#include "report/page_texts.h"

#include "base/hash.h"

#include <string.h>

#define ROOM_FIRST 1024

/* The slot that has a text, or the free one where it belongs. */
static uint32_t *find_slot(const struct page_texts *texts, const char *text)
{
    const struct hash hash = hash_bytes(shared_slice_from_text(text));
    uint64_t at;
    memcpy(&at, hash.bytes, sizeof(at));
    for (;; at++) {
        uint32_t *slot = &texts->slots[at & (texts->slot_count - 1)];
        if (*slot == 0 || strcmp(texts->items[*slot - 1], text) == 0)
            return slot;
    }
}

/* Twice the room; half of the slots stay free, so that a search ends soon. */
static int grow(struct page_texts *texts, struct shared_error *err)
{
    size_t room = texts->room ? 2 * texts->room : ROOM_FIRST;
    const char **items =
        shared_arena_resize(texts->arena, texts->items, texts->room * sizeof(*items), room * sizeof(*items));
    uint32_t *slots = items ? shared_arena_alloc(texts->arena, 2 * room * sizeof(*slots)) : NULL;
    if (!slots)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the texts of a page");
    memset(slots, 0, 2 * room * sizeof(*slots));
    texts->items = items;
    texts->slots = slots;
    texts->room = room;
    texts->slot_count = 2 * room;
    for (size_t i = 0; i < texts->count; i++)
        *find_slot(texts, items[i]) = (uint32_t)i + 1;
    return 0;
}

int page_texts_add(struct page_texts *texts, const char *text, uint32_t *place, struct shared_error *err)
{
    if (texts->count == texts->room) {
        int status = grow(texts, err);
        if (status < 0)
            return status;
    }
    uint32_t *slot = find_slot(texts, text);
    if (*slot == 0) {
        texts->items[texts->count++] = text;
        *slot = (uint32_t)texts->count;
    }
    *place = *slot - 1;
    return 0;
}

void page_texts_write(struct json_out *json, const char *name, const struct page_texts *texts)
{
    json_out_open(json, name, '[');
    for (size_t i = 0; i < texts->count; i++)
        json_out_text(json, NULL, texts->items[i]);
    json_out_close(json, ']');
}
