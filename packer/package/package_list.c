#include "package/package_list.h"

#include "base/path.h"
#include "package/package_shown.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define FIRST_CAPACITY 64

/* A program comes in as "bootstrap" later; nothing may be there, nor below it, whatever its case. */
static bool is_bootstrap(const char *place)
{
    static const char name[] = "bootstrap";
    size_t size = sizeof(name) - 1;
    return strncasecmp(place, name, size) == 0 && (place[size] == '\0' || place[size] == '/');
}

int package_place_check(const struct package_list *list, const char *place, const char *source,
                        struct shared_error *err)
{
    const char *why;
    if (!path_is_safe_place(place, &why))
        return shared_fail(err, SHARED_EINVAL, 0, "the place \"%s\" of %s %s", package_shown(place).text,
                           package_shown(source).text, why);
    if (list->program && is_bootstrap(place))
        return shared_fail(err, SHARED_EINVAL, 0,
                           "\"%s\" (from %s) is the place of the function itself: give it another one",
                           package_shown(place).text, package_shown(source).text);
    return 0;
}

static int grow(struct package_list *list, struct shared_error *err)
{
    size_t capacity = list->capacity ? 2 * list->capacity : FIRST_CAPACITY;
    size_t item_bytes = sizeof(*list->items);
    struct package_entry *items = shared_arena_resize(list->growth ? list->growth : list->arena, list->items,
                                                      list->capacity * item_bytes, capacity * item_bytes);
    if (!items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a list of %zu assets", capacity);
    list->items = items;
    list->capacity = capacity;
    return 0;
}

int package_no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to list the assets");
}

int package_list_append(struct package_list *list, const struct package_entry *entry,
                        struct shared_error *err)
{
    if (list->count == list->capacity && grow(list, err) < 0)
        return SHARED_ENOMEM;
    list->items[list->count++] = *entry;
    return 0;
}

int package_list_add(struct package_list *list, const struct package_entry *entry, struct shared_error *err)
{
    /* A folder's place ends in a slash; it was checked before it was walked. */
    if (entry->kind != PACKAGE_FOLDER && package_place_check(list, entry->place, entry->source, err) < 0)
        return SHARED_EINVAL;
    return package_list_append(list, entry, err);
}

static size_t tidy_size(const char *place)
{
    size_t size = strlen(place);
    while (size > 0 && place[size - 1] == '/')
        size--;
    return size;
}

/* An asset is never a symlink itself: each of the list was found in a folder. */
static bool is_replaced(const char *place, const struct manifest_function *function)
{
    size_t size = strlen(place);
    for (size_t i = 0; i < function->asset_count; i++) {
        const char *asset = function->assets[i].place;
        if (tidy_size(asset) == size && memcmp(asset, place, size) == 0)
            return true;
    }
    return false;
}

void package_list_replace_links(struct package_list *list, const struct manifest_function *function)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct package_entry *entry = &list->items[i];
        if (entry->kind != PACKAGE_SYMLINK || !is_replaced(entry->place, function))
            list->items[kept++] = *entry;
    }
    list->count = kept;
}
