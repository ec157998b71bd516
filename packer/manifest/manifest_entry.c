#include "manifest/manifest_entry.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct manifest_entry *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order ? order : (left->index > right->index) - (left->index < right->index);
}

struct manifest_entry *manifest_entries_sort(const cJSON *parent, size_t count, struct shared_arena *arena)
{
    struct manifest_entry *entries = shared_arena_alloc(arena, count * sizeof(*entries));
    if (!entries)
        return NULL;
    size_t index = 0;
    for (const cJSON *item = parent->child; item; item = item->next, index++) {
        const char *text = cJSON_IsArray(parent) ? item->valuestring : item->string;
        entries[index] = (struct manifest_entry){text, item, index};
    }
    qsort(entries, count, sizeof(*entries), compare);
    return entries;
}
