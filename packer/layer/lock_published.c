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

/* Each name's digest goes into that of all so far, so that there need be no room for all names. */
struct lock_attached lock_attached_make(const char *const *layers, size_t count)
{
    struct lock_attached attached = {.known = true};
    struct hash both[2] = {0};
    for (size_t i = 0; i < count; i++) {
        both[1] = hash_bytes(shared_slice_from_text(layers[i]));
        both[0] = hash_bytes(shared_slice_of((const char *)both, sizeof(both)));
    }
    if (count > 0)
        hash_to_text(&both[0], attached.digest);
    return attached;
}

static bool has_other_layers(const struct lock_attached *one, const struct lock_attached *other)
{
    return one->known && other->known && strcmp(one->digest, other->digest) != 0;
}

bool lock_is_published(const struct lock_published *published, enum lock_kind kind, const char *name,
                       const char *sha256, const struct lock_attached *attached)
{
    const struct lock_publication wanted = {.kind = kind, .name = name};
    for (size_t i = find_end(published, &wanted);
         i-- > 0 && compare_names(published->items[i], &wanted) == 0;) {
        bool same = strcmp(published->items[i]->sha256, sha256) == 0 &&
                    !has_other_layers(&published->items[i]->attached, attached);
        if (same || kind == LOCK_FUNCTION)
            return same;
    }
    return false;
}
