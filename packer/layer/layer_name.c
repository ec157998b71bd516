#include "layer/layer_name.h"

#include <shared/slice.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_items(const void *a, const void *b)
{
    const struct layer_item *x = *(const struct layer_item *const *)a,
                            *y = *(const struct layer_item *const *)b;
    int order = strcmp(x->place, y->place);
    return order ? order : memcmp(x->digest.bytes, y->digest.bytes, sizeof(x->digest.bytes));
}

/* Places, each with its NUL, and digests, in the order of places: nobody's numbering counts. */
static bool digest_of(const struct layer_item *items, const struct layer_set *set, struct shared_arena *arena,
                      struct hash *digest)
{
    const struct layer_item **sorted = shared_arena_alloc(arena, set->count * sizeof(struct layer_item *));
    size_t size = 0;
    if (!sorted)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        sorted[i] = &items[set->items[i]];
        size += strlen(sorted[i]->place) + 1 + sizeof(sorted[i]->digest.bytes);
    }
    qsort(sorted, set->count, sizeof(struct layer_item *), compare_items);
    char *text = shared_arena_alloc(arena, size), *end = text;
    if (!text)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        size_t length = strlen(sorted[i]->place) + 1;
        memcpy(end, sorted[i]->place, length);
        memcpy(end + length, sorted[i]->digest.bytes, sizeof(sorted[i]->digest.bytes));
        end += length + sizeof(sorted[i]->digest.bytes);
    }
    *digest = hash_bytes((struct shared_slice){text, size});
    return true;
}

char *layer_name_long(const char *project, const struct layer_item *items, const struct layer_set *set,
                      unsigned digits, struct shared_arena *scratch, struct shared_arena *arena)
{
    struct hash digest;
    char hex[HASH_TEXT_BYTES];
    if (!digest_of(items, set, scratch, &digest))
        return NULL;
    hash_to_text(&digest, hex);
    size_t size = strlen(project ? project : "") + 1 + digits + 1;
    char *name = shared_arena_alloc(arena, size);
    if (name)
        snprintf(name, size, "%s-%.*s", project ? project : "", (int)digits, hex);
    return name;
}

char *layer_name(const char *project, const struct layer_item *items, const struct layer_set *set,
                 struct shared_arena *arena)
{
    return layer_name_long(project, items, set, LAYER_NAME_DIGITS, arena, arena);
}
