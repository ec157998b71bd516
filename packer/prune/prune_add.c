#include "prune/prune_document.h"

#include <stddef.h>
#include <string.h>

#define FIRST_CAPACITY 64

int prune_add(struct lock_reader *reader, struct prune_list *list, const void *element, size_t size_bytes)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : FIRST_CAPACITY;
        void *items = shared_arena_resize(reader->arena, list->items, list->capacity * size_bytes,
                                          capacity * size_bytes);
        if (!items)
            return lock_no_memory(reader);
        list->items = items;
        list->capacity = capacity;
    }
    memcpy((char *)list->items + list->count++ * size_bytes, element, size_bytes);
    return 0;
}

_Static_assert(offsetof(struct prune_version, function) == 0 && offsetof(struct prune_alias, function) == 0,
               "they begin with their function");

static const char *function_of(const struct prune_list *list, size_t size_bytes, size_t at)
{
    const void *element = (const char *)list->items + at * size_bytes;
    return *(const char *const *)element;
}

int prune_add_pages(struct lock_reader *reader, const struct prune_list *list, size_t size_bytes,
                    size_t first, bool last, struct prune_list *pages)
{
    int status = 0;
    for (size_t i = first; status == 0 && i < list->count; i++) {
        const struct prune_page page = {.function = function_of(list, size_bytes, i), .last = last};
        if (i == first || strcmp(page.function, function_of(list, size_bytes, i - 1)) != 0)
            status = prune_add(reader, pages, &page, sizeof(page));
    }
    return status;
}

int prune_copy(struct lock_reader *reader, struct shared_slice text, const char **copy)
{
    *copy = shared_arena_copy(reader->arena, text);
    return *copy ? 0 : lock_no_memory(reader);
}
