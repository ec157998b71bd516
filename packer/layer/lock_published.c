#include "layer/lock_ledger.h"

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

bool lock_published_make(const struct lock_file *lock, struct shared_arena *arena,
                         struct lock_published *published)
{
    *published = (struct lock_published){
        shared_arena_alloc(arena, lock->ledger_count * sizeof(*published->items)), lock->ledger_count};
    if (!published->items)
        return false;
    for (size_t i = 0; i < published->count; i++)
        published->items[i] = &lock->ledger[i];
    if (published->count)
        qsort(published->items, published->count, sizeof(*published->items), compare);
    return true;
}

/* One past the last publication of a name. */
static size_t find_end(const struct lock_published *published, const struct lock_publication *wanted)
{
    size_t low = 0, high = published->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(published->items[middle], wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool lock_is_published(const struct lock_published *published, enum lock_kind kind, const char *name,
                       const char *sha256)
{
    const struct lock_publication wanted = {.kind = kind, .name = name};
    for (size_t i = find_end(published, &wanted);
         i-- > 0 && compare_names(published->items[i], &wanted) == 0;) {
        bool same = strcmp(published->items[i]->sha256, sha256) == 0;
        if (same || kind == LOCK_FUNCTION)
            return same;
    }
    return false;
}
