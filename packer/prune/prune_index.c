#include "prune/prune_index.h"

#include <stdlib.h>
#include <string.h>

static int order_of(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_versions(const void *a, const void *b)
{
    const struct prune_version *left = a, *right = b;
    int order = strcmp(left->function, right->function);
    return order ? order : order_of(left->version, right->version);
}

static int compare_aliases(const void *a, const void *b)
{
    const struct prune_alias *left = a, *right = b;
    int order = strcmp(left->function, right->function);
    if (order == 0)
        order = order_of(left->version, right->version);
    return order ? order : strcmp(left->name, right->name);
}

static int compare_pages(const void *a, const void *b)
{
    const struct prune_page *left = a, *right = b;
    int order = strcmp(left->function, right->function);
    return order ? order : left->last - right->last;
}

static int compare_layers(const void *a, const void *b)
{
    const struct prune_layer *left = a, *right = b;
    int order = strcmp(left->whole, right->whole);
    return order ? order : order_of(left->version, right->version);
}

static int compare_sizes(const void *a, const void *b)
{
    const struct prune_size *left = a, *right = b;
    int order = strcmp(left->arn, right->arn);
    return order ? order : order_of(left->bytes, right->bytes);
}

static int compare_uses(const void *a, const void *b)
{
    const struct prune_use *left = a, *right = b;
    int order = strcmp(left->arn, right->arn);
    return order ? order : (left->user > right->user) - (left->user < right->user);
}

static bool sort_list(const struct prune_list *list, size_t size_bytes,
                      int (*compare)(const void *, const void *), struct shared_arena *arena, void *sorted,
                      size_t *count)
{
    void *copy = shared_arena_alloc(arena, list->count * size_bytes);
    if (!copy)
        return false;
    if (list->count) {
        memcpy(copy, list->items, list->count * size_bytes);
        qsort(copy, list->count, size_bytes, compare);
    }
    *(void **)sorted = copy;
    *count = list->count;
    return true;
}

bool prune_index_make(const struct prune_lists *lists, struct shared_arena *arena, struct prune_index *index)
{
    *index = (struct prune_index){0};
    return sort_list(&lists->versions, sizeof(*index->versions), compare_versions, arena, &index->versions,
                     &index->version_count) &&
           sort_list(&lists->layers, sizeof(*index->layers), compare_layers, arena, &index->layers,
                     &index->layer_count) &&
           sort_list(&lists->aliases, sizeof(*index->aliases), compare_aliases, arena, &index->aliases,
                     &index->alias_count) &&
           sort_list(&lists->alias_pages, sizeof(*index->alias_pages), compare_pages, arena,
                     &index->alias_pages, &index->alias_page_count) &&
           sort_list(&lists->version_pages, sizeof(*index->version_pages), compare_pages, arena,
                     &index->version_pages, &index->version_page_count) &&
           sort_list(&lists->sizes, sizeof(*index->sizes), compare_sizes, arena, &index->sizes,
                     &index->size_count);
}

bool prune_index_use(struct prune_index *index, struct shared_arena *arena)
{
    size_t count = 0;
    for (size_t i = 0; i < index->version_count; i++)
        if (index->versions[i].verdict != PRUNE_GOES)
            count += index->versions[i].layer_count;
    index->uses = shared_arena_alloc(arena, count * sizeof(*index->uses));
    if (!index->uses)
        return false;
    for (size_t i = 0; i < index->version_count; i++) {
        const struct prune_version *version = &index->versions[i];
        for (size_t j = 0; version->verdict != PRUNE_GOES && j < version->layer_count; j++)
            index->uses[index->use_count++] = (struct prune_use){version->layers[j], version};
    }
    if (count)
        qsort(index->uses, count, sizeof(*index->uses), compare_uses);
    return true;
}

/* The first that does not come before key; count where all do. */
static size_t lower_bound(const void *items, size_t count, size_t size_bytes, const void *key,
                          int (*compare)(const void *, const void *))
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare((const char *)items + middle * size_bytes, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const char *prune_index_alias(const struct prune_index *index, const struct prune_version *version)
{
    const struct prune_alias key = {version->function, "", version->version};
    size_t i = lower_bound(index->aliases, index->alias_count, sizeof(key), &key, compare_aliases);
    if (i == index->alias_count)
        return NULL;
    const struct prune_alias *found = &index->aliases[i];
    bool same = found->version == version->version && strcmp(found->function, version->function) == 0;
    return same ? found->name : NULL;
}

size_t prune_index_first_alias(const struct prune_index *index, const char *function)
{
    const struct prune_alias key = {function, "", 0};
    return lower_bound(index->aliases, index->alias_count, sizeof(key), &key, compare_aliases);
}

static bool has_last(const struct prune_page *pages, size_t count, const char *function)
{
    const struct prune_page key = {.function = function, .last = true};
    size_t i = lower_bound(pages, count, sizeof(key), &key, compare_pages);
    return i < count && strcmp(pages[i].function, function) == 0;
}

bool prune_index_has_aliases(const struct prune_index *index, const struct prune_version *version)
{
    return has_last(index->alias_pages, index->alias_page_count, version->function) ||
           has_last(index->alias_pages, index->alias_page_count, version->name);
}

bool prune_index_has_versions(const struct prune_index *index, const struct prune_version *version)
{
    return has_last(index->version_pages, index->version_page_count, version->function);
}

static void meet(struct prune_index *index, const char *function)
{
    const struct prune_page key = {.function = function};
    size_t i = lower_bound(index->alias_pages, index->alias_page_count, sizeof(key), &key, compare_pages);
    for (; i < index->alias_page_count && strcmp(index->alias_pages[i].function, function) == 0; i++)
        index->alias_pages[i].met = true;
}

void prune_index_meet(struct prune_index *index, const struct prune_version *version)
{
    meet(index, version->function);
    meet(index, version->name);
}

uint64_t prune_index_size(const struct prune_index *index, const char *arn)
{
    const struct prune_size key = {arn, 0};
    size_t i = lower_bound(index->sizes, index->size_count, sizeof(key), &key, compare_sizes);
    return i < index->size_count && strcmp(index->sizes[i].arn, arn) == 0 ? index->sizes[i].bytes
                                                                          : PRUNE_UNKNOWN;
}

const struct prune_version *prune_index_user(const struct prune_index *index, const char *arn)
{
    const struct prune_use key = {arn, NULL};
    size_t i = lower_bound(index->uses, index->use_count, sizeof(key), &key, compare_uses);
    return i < index->use_count && strcmp(index->uses[i].arn, arn) == 0 ? index->uses[i].user : NULL;
}
