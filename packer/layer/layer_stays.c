#include "layer/layer_unit.h"

#include <string.h>

static const char own_program[] =
    "is reached by a fixed path: name it in movable if it is opened through shared/asset.h";
static const char own_files[] = "is the function's own code, or reached by a fixed path";

struct listing {
    const struct layer_work *work;
    const char **why; /* of each entry; NULL: it moves */
    size_t *alike;    /* of each entry, the end of those from it on that stay for the same reason */
    struct layer_holding *holding;
    size_t capacity;
};

static const char *why_of(const struct layer_work *work, size_t entry)
{
    size_t unit = layer_unit_of(work, entry);
    if (unit != LAYER_NONE)
        return work->units[unit].why;
    if (work->why[entry])
        return work->why[entry];
    if (strcmp(work->package->entries[entry].place, "bootstrap") == 0)
        return "is the function itself";
    return work->function->runtime ? own_files : own_program;
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static int add_row(struct listing *listing, const char *place, size_t first, size_t end,
                   struct shared_error *err)
{
    struct layer_holding *holding = listing->holding;
    if (holding->stay_count == listing->capacity) {
        size_t capacity = listing->capacity ? 2 * listing->capacity : 16, bytes = sizeof(*holding->stays);
        struct layer_stay *stays = shared_arena_resize(listing->work->arena, holding->stays,
                                                       listing->capacity * bytes, capacity * bytes);
        if (!stays)
            return layer_unit_no_memory(err);
        holding->stays = stays;
        listing->capacity = capacity;
    }
    if (!place)
        return layer_unit_no_memory(err);
    struct layer_stay *row = &holding->stays[holding->stay_count++];
    *row = (struct layer_stay){.place = place, .why = listing->why[first]};
    for (size_t i = first; i < end; i++) {
        const struct package_entry *entry = &listing->work->package->entries[i];
        row->files += entry->kind != PACKAGE_FOLDER;
        row->unzipped_bytes += entry->size_bytes;
    }
    return 0;
}

/* The end of the entries that have the first size bytes of an entry's place in common with it. */
static size_t end_of(const struct layer_work *work, size_t first, size_t size)
{
    const struct package_entry *entries = work->package->entries;
    size_t low = first + 1, high = work->package->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(entries[middle].place, entries[first].place, size) == 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* From an entry on: the widest folder around it that begins with it and stays alike, or the entry alone. */
static int add_from(struct listing *listing, size_t first, size_t *end, struct shared_error *err)
{
    const struct layer_work *work = listing->work;
    const char *place = work->package->entries[first].place;
    const char *before = first > 0 ? work->package->entries[first - 1].place : "";
    for (const char *slash = strchr(place, '/'); slash; slash = strchr(slash + 1, '/')) {
        size_t size = (size_t)(slash + 1 - place);
        if (strncmp(before, place, size) == 0)
            continue;
        *end = end_of(work, first, size);
        if (*end <= listing->alike[first])
            return add_row(listing, shared_arena_copy(work->arena, shared_slice_of(place, size)), first, *end,
                           err);
    }
    *end = first + 1;
    return add_row(listing, place, first, *end, err);
}

int layer_stays_make(const struct layer_work *work, struct layer_holding *holding, struct shared_error *err)
{
    size_t count = work->package->count;
    struct listing listing = {.work = work, .holding = holding};
    listing.why = shared_arena_alloc(work->known->arena, (count + 1) * sizeof(*listing.why));
    listing.alike = shared_arena_alloc(work->known->arena, (count + 1) * sizeof(*listing.alike));
    if (!listing.why || !listing.alike)
        return layer_unit_no_memory(err);
    for (size_t i = count; i-- > 0;) {
        listing.why[i] = why_of(work, i);
        bool goes_on = i + 1 < count && is_same(listing.why[i], listing.why[i + 1]);
        listing.alike[i] = goes_on ? listing.alike[i + 1] : i + 1;
    }
    int status = 0;
    for (size_t i = 0, end; status == 0 && i < count; i = end) {
        end = i + 1;
        if (listing.why[i])
            status = add_from(&listing, i, &end, err);
    }
    return status;
}
