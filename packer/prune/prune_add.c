#include "prune/prune_document.h"

#include <string.h>

void *prune_list_add(struct prune_list *list, size_t size_bytes, struct shared_arena *arena)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        void *items =
            shared_arena_resize(arena, list->items, list->capacity * size_bytes, capacity * size_bytes);
        if (!items)
            return NULL;
        list->items = items;
        list->capacity = capacity;
    }
    return memset((char *)list->items + list->count++ * size_bytes, 0, size_bytes);
}

int prune_check_place(struct lock_reader *reader, size_t at, const struct prune_arn *arn,
                      struct prune_lists *lists)
{
    if (!lists->place) {
        lists->place = shared_arena_copy(reader->arena, arn->place);
        lists->region = shared_arena_copy(reader->arena, arn->region);
        return lists->place && lists->region ? 0 : lock_no_memory(reader);
    }
    if (!shared_slice_equal(arn->place, shared_slice_from_text(lists->place)))
        return lock_fail(reader, at, "is of %.*s, others are of %s: make a plan for each region and account",
                         (int)arn->place.size_bytes, arn->place.data, lists->place);
    return 0;
}
