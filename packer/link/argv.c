#include "link/argv.h"

void argv_add(struct argv *argv, const char *item)
{
    if (argv->count + 2 > argv->capacity && !argv->failed) {
        size_t capacity = argv->capacity ? argv->capacity * 2 : 64;
        const char **items = shared_arena_resize(argv->arena, argv->items, argv->count * sizeof(*items),
                                                 capacity * sizeof(*items));
        argv->failed = !items;
        argv->items = items ? items : argv->items;
        argv->capacity = items ? capacity : argv->capacity;
    }
    argv->failed |= !item;
    if (argv->failed)
        return;
    argv->items[argv->count++] = item;
    argv->items[argv->count] = NULL;
}

void argv_add_all(struct argv *argv, const struct manifest_texts *items)
{
    for (size_t i = 0; i < items->count; i++)
        argv_add(argv, items->items[i]);
}

void argv_add_joined(struct argv *argv, const char *prefix, const char *text)
{
    argv_add(argv, shared_arena_format(argv->arena, "%s%s", prefix, text));
}

void argv_add_path(struct argv *argv, const char *path)
{
    argv_add_joined(argv, path[0] == '-' || path[0] == '@' ? "./" : "", path);
}
