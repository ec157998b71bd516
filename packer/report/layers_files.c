#include "report/layers_files.h"

#include "content/content.h"

#include <stdlib.h>
#include <string.h>

/* A file as it lies in a zip. */
struct stored_file {
    const struct content *content;
    uint64_t zip_bytes;
};

struct file_list {
    struct stored_file *files;
    size_t count;
};

/* Alike contents follow each other, the shortest name first; which content comes first is of no account. */
static int compare(const void *one, const void *other)
{
    const struct stored_file *a = one, *b = other;
    uintptr_t x = (uintptr_t)a->content, y = (uintptr_t)b->content;
    if (x != y)
        return x < y ? -1 : 1;
    return (a->zip_bytes > b->zip_bytes) - (a->zip_bytes < b->zip_bytes);
}

static uint64_t sum_all(const struct file_list *list)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += list->files[i].zip_bytes;
    return sum;
}

/* Of each content the smallest. */
static uint64_t sum_once(struct file_list *list)
{
    uint64_t sum = 0;
    if (list->count)
        qsort(list->files, list->count, sizeof(*list->files), compare);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->files[i - 1].content != list->files[i].content)
            sum += list->files[i].zip_bytes;
    return sum;
}

static void add(struct file_list *list, const struct package_entry *entry)
{
    if (entry->content)
        list->files[list->count++] = (struct stored_file){
            entry->content, layer_entry_bytes(entry->place, entry->content->deflated_bytes)};
}

/* Files of items, each item once, and those that cannot move. */
static bool list_files(const struct report_layers *report, struct shared_arena *arena,
                       struct file_list *items, struct file_list *fixed)
{
    size_t most = 0, largest = 0;
    for (size_t i = 0; i < report->manifest->function_count; i++) {
        most += report->packages[i].count;
        largest = largest > report->packages[i].count ? largest : report->packages[i].count;
    }
    bool *seen = shared_arena_alloc(arena, report->items->count * sizeof(*seen));
    bool *movable = shared_arena_alloc(arena, largest * sizeof(*movable));
    items->files = shared_arena_alloc(arena, most * sizeof(*items->files));
    fixed->files = shared_arena_alloc(arena, most * sizeof(*fixed->files));
    if (!seen || !movable || !items->files || !fixed->files)
        return false;
    memset(seen, 0, report->items->count * sizeof(*seen));
    for (size_t i = 0; i < report->manifest->function_count; i++) {
        const struct layer_holding *holding = &report->items->functions[i];
        const struct package *package = &report->packages[i];
        memset(movable, 0, package->count * sizeof(*movable));
        for (size_t k = 0; k < holding->count; k++) {
            const struct layer_carried *carried = &holding->carried[k];
            for (size_t e = 0; e < carried->count; e++) {
                movable[carried->entries[e]] = true;
                if (!seen[carried->item])
                    add(items, &package->entries[carried->entries[e]]);
            }
            seen[carried->item] = true;
        }
        for (size_t e = 0; e < package->count; e++)
            if (!movable[e])
                add(fixed, &package->entries[e]);
    }
    return true;
}

bool layers_files_count(const struct report_layers *report, struct shared_arena *arena,
                        struct layers_files *files)
{
    struct file_list items = {0}, fixed = {0}, all = {0};
    if (!list_files(report, arena, &items, &fixed))
        return false;
    all.count = items.count + fixed.count;
    all.files = shared_arena_alloc(arena, all.count * sizeof(*all.files));
    if (!all.files)
        return false;
    memcpy(all.files, items.files, items.count * sizeof(*items.files));
    memcpy(all.files + items.count, fixed.files, fixed.count * sizeof(*fixed.files));
    uint64_t fixed_once = sum_once(&fixed);
    files->fixed_bytes = sum_all(&fixed) - fixed_once;
    files->inside_bytes = sum_all(&items) + fixed_once - sum_once(&all);
    return true;
}
