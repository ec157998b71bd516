#include "layer/lock_ledger.h"

#include <stdlib.h>
#include <string.h>

static int compare(const struct lock_publication *a, const struct lock_publication *b)
{
    int order = strcmp(a->date, b->date);
    if (order == 0)
        order = (a->kind > b->kind) - (a->kind < b->kind);
    return order ? order : strcmp(a->name, b->name);
}

static int compare_pointers(const void *a, const void *b)
{
    const struct lock_publication *one = *(struct lock_publication *const *)a;
    const struct lock_publication *other = *(struct lock_publication *const *)b;
    int order = compare(one, other);
    return order ? order : (one > other) - (one < other);
}

static bool is_sorted(const struct lock_publication *ledger, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (compare(&ledger[i - 1], &ledger[i]) > 0)
            return false;
    return true;
}

bool lock_ledger_sort(struct lock_publication *ledger, size_t count, struct shared_arena *arena)
{
    if (is_sorted(ledger, count))
        return true;
    const struct lock_publication **order = shared_arena_alloc(arena, count * sizeof(*order));
    struct lock_publication *sorted = shared_arena_alloc(arena, count * sizeof(*sorted));
    if (!order || !sorted)
        return false;
    for (size_t i = 0; i < count; i++)
        order[i] = &ledger[i];
    qsort(order, count, sizeof(*order), compare_pointers);
    for (size_t i = 0; i < count; i++)
        sorted[i] = *order[i];
    memcpy(ledger, sorted, count * sizeof(*sorted));
    return true;
}

uint64_t lock_ledger_bytes(const struct lock_publication *ledger, size_t count)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += ledger[i].zip_bytes;
    return bytes;
}
