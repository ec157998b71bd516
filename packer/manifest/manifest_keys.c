#include "manifest/manifest_table.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_AT_MOST 128

struct list {
    struct shared_arena *arena;
    struct manifest_texts *keys;
    bool failed;
};

static void add_key(struct list *list, const struct key *key, const char *path);

static void add_table(struct list *list, const struct key_table *table, const char *above)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];
        const char *path = shared_arena_format(list->arena, "%s%s%s", above, *above ? "." : "", key->name);
        add_key(list, key, path);
    }
}

static void add_key(struct list *list, const struct key *key, const char *path)
{
    list->failed |= !path || list->keys->count == KEYS_AT_MOST;
    if (list->failed)
        return;
    list->keys->items[list->keys->count++] = path;
    if (key->kind == KEY_OBJECT)
        add_table(list, key->table, path);
    if (key->kind == KEY_MAP)
        add_key(list, &key->map->value, shared_arena_format(list->arena, "%s.*", path));
    if (key->kind == KEY_LIST)
        add_table(list, key->map->value.table, shared_arena_format(list->arena, "%s[]", path));
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int manifest_keys(struct shared_arena *arena, struct manifest_texts *keys)
{
    *keys = (struct manifest_texts){shared_arena_alloc(arena, KEYS_AT_MOST * sizeof(*keys->items)), 0};
    struct list list = {arena, keys, !keys->items};
    add_table(&list, &manifest_table, "");
    qsort(keys->items, keys->count, sizeof(*keys->items), compare);
    return list.failed ? SHARED_ENOMEM : 0;
}
