#include "snapshot/snapshot_rename.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* More functions than this on either side are another project rather than renamed ones; it bounds the work.
 */
#define CANDIDATES 16

/* A function's own code by symbol: its sources may have been renamed with it. */
struct own {
    struct snapshot_pair *pair;
    struct snapshot_row *rows; /* sorted by symbol */
    size_t count;
    uint64_t bytes;
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compare functions");
}

static int by_symbol(const void *a, const void *b)
{
    const struct snapshot_row *x = a, *y = b;
    int order = strcmp(x->symbol, y->symbol);
    return order != 0 ? order : (x->sizes.bytes > y->sizes.bytes) - (x->sizes.bytes < y->sizes.bytes);
}

/* Functions on one side alone, up to CANDIDATES; false: there are more. */
static bool collect(struct snapshot_pair *pairs, size_t count, bool gone, struct own *owns, size_t *own_count)
{
    *own_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct snapshot_function *other = gone ? pairs[i].after : pairs[i].before;
        if (other)
            continue;
        if (*own_count == CANDIDATES)
            return false;
        owns[(*own_count)++] = (struct own){.pair = &pairs[i]};
    }
    return true;
}

static int read_own(struct own *owns, size_t count, struct shared_arena *arena, struct shared_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct own *own = &owns[i];
        const struct snapshot_function *function = own->pair->before ? own->pair->before : own->pair->after;
        const struct snapshot_library *library = snapshot_find_library(function, "own");
        if (!library)
            continue;
        own->rows = shared_arena_alloc(arena, library->row_count * sizeof(*own->rows));
        if (!own->rows)
            return no_memory(err);
        memcpy(own->rows, function->rows + library->row_start, library->row_count * sizeof(*own->rows));
        own->count = library->row_count;
        own->bytes = library->sizes.bytes;
        qsort(own->rows, own->count, sizeof(*own->rows), by_symbol);
    }
    return 0;
}

/* Bytes of symbols that both have with the same size. */
static uint64_t common_bytes(const struct own *a, const struct own *b)
{
    uint64_t sum = 0;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        int order = by_symbol(&a->rows[i], &b->rows[j]);
        sum += order == 0 ? a->rows[i].sizes.bytes : 0;
        i += order <= 0;
        j += order >= 0;
    }
    return sum;
}

static struct own *find_alike(struct own *gone, size_t gone_count, const struct own *added)
{
    struct own *found = NULL;
    uint64_t most = 0;
    for (size_t i = 0; i < gone_count; i++) {
        uint64_t larger = gone[i].bytes > added->bytes ? gone[i].bytes : added->bytes;
        uint64_t common = gone[i].pair ? common_bytes(&gone[i], added) : 0;
        if (common <= most || common < larger - common)
            continue;
        most = common;
        found = &gone[i];
    }
    return found;
}

static int pair_renamed(struct snapshot_pair *pairs, size_t *count, struct shared_arena *arena,
                        struct shared_error *err)
{
    struct own gone[CANDIDATES], added[CANDIDATES];
    size_t gone_count, added_count;
    if (!collect(pairs, *count, true, gone, &gone_count) ||
        !collect(pairs, *count, false, added, &added_count))
        return 0;
    if (gone_count == 0 || added_count == 0)
        return 0;
    if (read_own(gone, gone_count, arena, err) < 0 || read_own(added, added_count, arena, err) < 0)
        return SHARED_ENOMEM;
    for (size_t i = 0; i < added_count; i++) {
        struct own *was = find_alike(gone, gone_count, &added[i]);
        if (!was)
            continue;
        added[i].pair->before = was->pair->before;
        *was->pair = (struct snapshot_pair){0};
        was->pair = NULL;
    }
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (pairs[i].before || pairs[i].after)
            pairs[kept++] = pairs[i];
    *count = kept;
    return 0;
}

int snapshot_pair_functions(const struct snapshot *before, const struct snapshot *after,
                            struct shared_arena *arena, struct snapshot_pair **pairs, size_t *count,
                            struct shared_error *err)
{
    size_t most = before->function_count + after->function_count;
    struct snapshot_pair *all = shared_arena_alloc(arena, most * sizeof(*all));
    if (!all)
        return no_memory(err);
    *pairs = all;
    *count = 0;
    for (size_t i = 0, j = 0; i < before->function_count || j < after->function_count;) {
        const struct snapshot_function *left = i < before->function_count ? &before->functions[i] : NULL;
        const struct snapshot_function *right = j < after->function_count ? &after->functions[j] : NULL;
        int order = !left ? 1 : !right ? -1 : strcmp(left->name, right->name);
        all[(*count)++] = (struct snapshot_pair){order <= 0 ? left : NULL, order >= 0 ? right : NULL};
        i += order <= 0;
        j += order >= 0;
    }
    return pair_renamed(all, count, arena, err);
}
