#include "snapshot/snapshot_compare.h"

#include "snapshot/snapshot_inner.h"
#include "snapshot/snapshot_rename.h"

#include <stdlib.h>
#include <string.h>

struct comparing {
    const struct snapshot *before, *after;
    enum snapshot_key key;
    struct shared_arena *arena;
    struct shared_error *err;
    struct snapshot_comparison *comparison;
};

static int no_memory(const struct comparing *comparing)
{
    return shared_fail(comparing->err, SHARED_ENOMEM, 0, "no memory to compare two snapshots");
}

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int by_name(const void *a, const void *b)
{
    const struct snapshot_delta *x = a, *y = b;
    int order = compare_texts(x->function, y->function);
    if (order == 0)
        order = compare_texts(x->library, y->library);
    if (order == 0)
        order = compare_texts(x->member, y->member);
    return order != 0 ? order : compare_texts(x->symbol, y->symbol);
}

static uint64_t distance(uint64_t before, uint64_t after)
{
    return before < after ? after - before : before - after;
}

static int by_distance(uint64_t x, uint64_t y)
{
    return (x < y) - (x > y);
}

static int by_file(const void *a, const void *b)
{
    const struct snapshot_delta *x = a, *y = b;
    int order =
        by_distance(distance(x->before.bytes, x->after.bytes), distance(y->before.bytes, y->after.bytes));
    if (order == 0)
        order = by_distance(distance(x->before.zip_bytes, x->after.zip_bytes),
                            distance(y->before.zip_bytes, y->after.zip_bytes));
    return order != 0 ? order : by_name(a, b);
}

static int by_zip(const void *a, const void *b)
{
    const struct snapshot_delta *x = a, *y = b;
    int order = by_distance(distance(x->before.zip_bytes, x->after.zip_bytes),
                            distance(y->before.zip_bytes, y->after.zip_bytes));
    return order != 0 ? order : by_file(a, b);
}

static void sort(const struct comparing *comparing, struct snapshot_deltas *deltas)
{
    qsort(deltas->items, deltas->count, sizeof(*deltas->items),
          comparing->key == SNAPSHOT_ZIP ? by_zip : by_file);
}

/* Sorted by name, and each name once. */
static void unite(struct snapshot_deltas *deltas)
{
    size_t kept = 0;
    qsort(deltas->items, deltas->count, sizeof(*deltas->items), by_name);
    for (size_t i = 0; i < deltas->count; i++)
        if (kept == 0 || by_name(&deltas->items[kept - 1], &deltas->items[i]) != 0)
            deltas->items[kept++] = deltas->items[i];
    deltas->count = kept;
}

static void sum_up(struct snapshot_deltas *deltas, const struct snapshot_delta *name,
                   const struct snapshot_sizes *sizes, bool after)
{
    struct snapshot_delta *delta =
        bsearch(name, deltas->items, deltas->count, sizeof(*deltas->items), by_name);
    if (delta)
        snapshot_add(after ? &delta->after : &delta->before, sizes);
}

static int compare_functions(const struct comparing *comparing, const struct snapshot_pair *pairs,
                             size_t count)
{
    struct snapshot_comparison *comparison = comparing->comparison;
    struct snapshot_deltas *functions = &comparison->functions;
    functions->items = shared_arena_alloc(comparing->arena, count * sizeof(*functions->items));
    if (!functions->items)
        return no_memory(comparing);
    for (size_t i = 0; i < count; i++) {
        const struct snapshot_function *before = pairs[i].before, *after = pairs[i].after;
        struct snapshot_delta *delta = &functions->items[functions->count++];
        *delta = (struct snapshot_delta){.function = after ? after->name : before->name};
        if (before)
            delta->before = before->sizes;
        if (after)
            delta->after = after->sizes;
        if (before && after && strcmp(before->name, after->name) != 0)
            delta->was = before->name;
        comparison->differs |= !before || !after || delta->was;
        snapshot_add(&comparison->before, &delta->before);
        snapshot_add(&comparison->after, &delta->after);
    }
    sort(comparing, functions);
    return 0;
}

static int compare_libraries(const struct comparing *comparing)
{
    struct snapshot_deltas *libraries = &comparing->comparison->libraries;
    const struct snapshot *sides[] = {comparing->before, comparing->after};
    size_t most = 0;
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < sides[side]->function_count; i++)
            most += sides[side]->functions[i].library_count;
    libraries->items = shared_arena_alloc(comparing->arena, most * sizeof(*libraries->items));
    if (!libraries->items)
        return no_memory(comparing);
    for (int pass = 0; pass < 2; pass++) { /* names, then their sizes */
        for (int side = 0; side < 2; side++) {
            for (size_t i = 0; i < sides[side]->function_count; i++) {
                const struct snapshot_function *function = &sides[side]->functions[i];
                for (size_t j = 0; j < function->library_count; j++) {
                    const struct snapshot_delta name = {.library = function->libraries[j].name};
                    if (pass == 0)
                        libraries->items[libraries->count++] = name;
                    else
                        sum_up(libraries, &name, &function->libraries[j].sizes, side == 1);
                }
            }
        }
        if (pass == 0)
            unite(libraries);
    }
    sort(comparing, libraries);
    return 0;
}

static struct snapshot_delta name_of(const struct snapshot_function *function, const struct snapshot_row *row)
{
    return (struct snapshot_delta){
        .library = function->libraries[row->library].name, .member = row->member, .symbol = row->symbol};
}

static bool same_sizes(const struct snapshot_sizes *a, const struct snapshot_sizes *b)
{
    return a->bytes == b->bytes && a->zip_bytes == b->zip_bytes && a->count == b->count;
}

/* Names of the rows that differ in a pair of functions; names->items NULL: only counts them. */
static void collect_changes(const struct snapshot_pair *pair, struct snapshot_deltas *names)
{
    const struct snapshot_function *before = pair->before, *after = pair->after;
    size_t before_count = before ? before->row_count : 0, after_count = after ? after->row_count : 0;
    for (size_t i = 0, j = 0; i < before_count || j < after_count;) {
        struct snapshot_delta left = {0}, right = {0};
        if (i < before_count)
            left = name_of(before, &before->rows[i]);
        if (j < after_count)
            right = name_of(after, &after->rows[j]);
        int order = i == before_count ? 1 : j == after_count ? -1 : by_name(&left, &right);
        if (order != 0 || !same_sizes(&before->rows[i].sizes, &after->rows[j].sizes)) {
            if (names->items)
                names->items[names->count] = order <= 0 ? left : right;
            names->count++;
        }
        i += order <= 0;
        j += order >= 0;
    }
}

static void sum_up_rows(struct snapshot_deltas *symbols, const struct snapshot *snapshot, bool after)
{
    for (size_t i = 0; i < snapshot->function_count; i++) {
        const struct snapshot_function *function = &snapshot->functions[i];
        for (size_t j = 0; j < function->row_count; j++) {
            const struct snapshot_delta name = name_of(function, &function->rows[j]);
            sum_up(symbols, &name, &function->rows[j].sizes, after);
        }
    }
}

static int compare_symbols(const struct comparing *comparing, const struct snapshot_pair *pairs, size_t count)
{
    struct snapshot_deltas *symbols = &comparing->comparison->symbols;
    for (size_t i = 0; i < count; i++)
        collect_changes(&pairs[i], symbols);
    symbols->items = shared_arena_alloc(comparing->arena, symbols->count * sizeof(*symbols->items));
    if (!symbols->items)
        return no_memory(comparing);
    symbols->count = 0;
    for (size_t i = 0; i < count; i++)
        collect_changes(&pairs[i], symbols);
    if (symbols->count == 0)
        return 0;
    comparing->comparison->differs = true;
    unite(symbols);
    sum_up_rows(symbols, comparing->before, false);
    sum_up_rows(symbols, comparing->after, true);
    sort(comparing, symbols);
    return 0;
}

int snapshot_compare(const struct snapshot *before, const struct snapshot *after, enum snapshot_key key,
                     struct shared_arena *arena, struct snapshot_comparison *comparison,
                     struct shared_error *err)
{
    struct snapshot left = *before, right = *after;
    struct snapshot_pair *pairs;
    size_t count;
    const struct comparing comparing = {&left, &right, key, arena, err, comparison};
    *comparison = (struct snapshot_comparison){
        .depth = left.depth < right.depth ? left.depth : right.depth,
        .before_depth = left.depth,
        .after_depth = right.depth,
    };
    int status = snapshot_reduce(&left, comparison->depth, arena, err);
    if (status == 0)
        status = snapshot_reduce(&right, comparison->depth, arena, err);
    if (status == 0)
        status = snapshot_pair_functions(&left, &right, arena, &pairs, &count, err);
    if (status == 0)
        status = compare_functions(&comparing, pairs, count);
    if (status == 0)
        status = compare_libraries(&comparing);
    return status < 0 ? status : compare_symbols(&comparing, pairs, count);
}
