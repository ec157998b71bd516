#include "limit/limit_ledger.h"

#include <stdlib.h>
#include <string.h>

static int compare_names(const struct lock_publication *a, const struct lock_publication *b)
{
    int order = (a->kind > b->kind) - (a->kind < b->kind);
    return order ? order : strcmp(a->name, b->name);
}

/* By kind and name; those of one name in the ledger's order. */
static int compare(const void *a, const void *b)
{
    const struct lock_publication *left = *(struct lock_publication *const *)a;
    const struct lock_publication *right = *(struct lock_publication *const *)b;
    int order = compare_names(left, right);
    return order ? order : (left > right) - (left < right);
}

struct index {
    const struct lock_publication **items;
    size_t count;
};

/* One past the last publication of a name. */
static size_t find_end(const struct index *index, const struct lock_publication *wanted)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(index->items[middle], wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether a zip is published already: a function's the last time, a layer's ever. */
static bool is_published(const struct index *index, const struct limit_zip *zip, const char *sha256)
{
    const struct lock_publication wanted = {.kind = zip->kind, .name = zip->name};
    for (size_t i = find_end(index, &wanted); i-- > 0 && compare_names(index->items[i], &wanted) == 0;) {
        bool same = strcmp(index->items[i]->sha256, sha256) == 0;
        if (same || zip->kind == LOCK_FUNCTION)
            return same;
    }
    return false;
}

/* The lock's record of a zip, where it is the same one; else NULL. */
static const struct lock_zip *find_same(const struct lock_file *lock, const struct limit_zip *zip)
{
    const struct lock_function *function =
        zip->kind == LOCK_FUNCTION ? lock_find_function(lock, zip->name) : NULL;
    const struct lock_layer *layer = zip->kind == LOCK_LAYER ? lock_find_layer(lock, zip->name) : NULL;
    const struct lock_zip *known = function ? &function->zip : layer ? &layer->zip : NULL;
    bool same = known && known->zip_bytes == zip->zip_bytes &&
                memcmp(&known->content, &zip->content, sizeof(known->content)) == 0;
    return same ? known : NULL;
}

int limit_ledger_add(const struct lock_file *lock, struct limit_zip *zips, size_t count,
                     struct shared_arena *arena, struct limit_region *region, struct shared_error *err)
{
    struct limit_part *added = shared_arena_alloc(arena, count * sizeof(*added));
    struct index index = {shared_arena_alloc(arena, lock->ledger_count * sizeof(*index.items)),
                          lock->ledger_count};
    if (!added || !index.items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to count what a publish adds");
    for (size_t i = 0; i < index.count; i++)
        index.items[i] = &lock->ledger[i];
    if (index.count)
        qsort(index.items, index.count, sizeof(*index.items), compare);
    region->added = added;
    region->added_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct lock_zip *same = zips[i].sha256 ? NULL : find_same(lock, &zips[i]);
        const char *sha256 = same ? same->sha256 : zips[i].sha256;
        zips[i].added = !sha256 || !is_published(&index, &zips[i], sha256);
        if (zips[i].added)
            added[region->added_count++] = (struct limit_part){zips[i].name, zips[i].zip_bytes};
    }
    return 0;
}
