#include "layer/layer_digest.h"

#include "content/content.h"

#include <stdlib.h>
#include <string.h>

#define ZIP_HEADERS_BYTES (30 + 46) /* APPNOTE 4.3.7 and 4.3.12, without names */

uint64_t layer_entry_bytes(const char *place, uint64_t stream_bytes)
{
    return stream_bytes + ZIP_HEADERS_BYTES + 2 * (uint64_t)strlen(place);
}

static const char *folder_of(enum layer_kind kind)
{
    return kind == LAYER_NODE ? "nodejs/" : kind == LAYER_PYTHON ? "python/" : "";
}

const char *layer_entry_place(enum layer_kind kind, const char *place, struct shared_arena *arena)
{
    return *folder_of(kind) ? shared_arena_format(arena, "%s%s", folder_of(kind), place) : place;
}

static bool add_entry(struct layer_bytes *bytes, enum layer_kind kind, const struct package_entry *entry)
{
    unsigned char what = (unsigned char)entry->kind;
    if (!layer_bytes_add(bytes, folder_of(kind), strlen(folder_of(kind))) ||
        !layer_bytes_add(bytes, entry->place, strlen(entry->place) + 1) || !layer_bytes_add(bytes, &what, 1))
        return false;
    if (entry->kind == PACKAGE_SYMLINK)
        return layer_bytes_add(bytes, entry->target, strlen(entry->target) + 1);
    return entry->kind == PACKAGE_FOLDER ||
           layer_bytes_add(bytes, &entry->content->hash, sizeof(entry->content->hash));
}

static int add_to(struct layer_found *found, struct layer_bytes *bytes, const struct package_entry *entry,
                  struct shared_error *err)
{
    bool is_file = entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE;
    if (is_file && !entry->content)
        return shared_fail(err, SHARED_EINVAL, 0, "%s: its content has not been read", entry->place);
    if (!add_entry(bytes, found->kind, entry))
        return layer_unit_no_memory(err);
    uint64_t names = 2 * strlen(folder_of(found->kind));
    found->item.names_bytes += names;
    found->item.zip_bytes +=
        layer_entry_bytes(entry->place, is_file ? entry->content->deflated_bytes : entry->size_bytes) + names;
    found->item.unzipped_bytes += entry->size_bytes;
    return 0;
}

/* Lists the entries of each unit that moves: counted first, so that one array holds them all. */
static int list_entries(const struct layer_work *work, const size_t *place_of, struct layer_found *found,
                        size_t count, struct shared_error *err)
{
    size_t *entries = shared_arena_alloc(work->arena, work->package->count * sizeof(*entries));
    if (!entries)
        return layer_unit_no_memory(err);
    for (size_t i = 0; i < work->package->count; i++) {
        size_t unit = layer_unit_of(work, i);
        if (unit != LAYER_NONE && place_of[unit] != LAYER_NONE)
            found[place_of[unit]].carried.count++;
    }
    for (size_t i = 0; i < count; i++) {
        found[i].carried.entries = entries;
        entries += found[i].carried.count;
        found[i].carried.count = 0;
    }
    for (size_t i = 0; i < work->package->count; i++) {
        size_t unit = layer_unit_of(work, i);
        if (unit != LAYER_NONE && place_of[unit] != LAYER_NONE) {
            struct layer_carried *carried = &found[place_of[unit]].carried;
            carried->entries[carried->count++] = i;
        }
    }
    return 0;
}

static int hash_own(const struct layer_work *work, struct layer_found *found, struct layer_bytes *bytes,
                    struct shared_error *err)
{
    const struct layer_unit *unit = &work->units[found->unit];
    found->item = (struct layer_item){.place = unit->place, .shadowed = unit->shadowed};
    found->kind = unit->kind;
    bytes->size = 0;
    for (size_t i = 0; i < found->carried.count; i++) {
        int status = add_to(found, bytes, &work->package->entries[found->carried.entries[i]], err);
        if (status < 0)
            return status;
    }
    found->own = found->item.digest = hash_bytes(shared_slice_of(bytes->data, bytes->size));
    return 0;
}

static int list_needs(const struct layer_work *work, const size_t *place_of, struct layer_found *found,
                      struct shared_error *err)
{
    const struct layer_unit *unit = &work->units[found->unit];
    found->needs = shared_arena_alloc(work->known->arena, unit->need_count * sizeof(*found->needs));
    if (!found->needs)
        return layer_unit_no_memory(err);
    for (size_t i = 0; i < unit->need_count; i++) {
        size_t needed = place_of[layer_unit_root(work, unit->needs[i])];
        if (needed != LAYER_NONE)
            found->needs[found->need_count++] = needed;
    }
    return 0;
}

/* Units that move, numbered by their first entries; place_of each unit LAYER_NONE where it stays. */
static void number(const struct layer_work *work, size_t *place_of, struct layer_found *found, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < work->count; i++)
        place_of[i] = LAYER_NONE;
    for (size_t i = 0; i < work->package->count; i++) {
        size_t unit = layer_unit_of(work, i);
        if (unit == LAYER_NONE || work->units[unit].why || place_of[unit] != LAYER_NONE)
            continue;
        place_of[unit] = *count;
        found[(*count)++] = (struct layer_found){.unit = unit};
    }
}

int layer_found_make(const struct layer_work *work, struct layer_found **found, size_t *count,
                     struct shared_error *err)
{
    struct shared_arena *arena = work->known->arena;
    struct layer_bytes bytes = {.arena = arena};
    size_t *place_of = shared_arena_alloc(arena, work->count * sizeof(*place_of));
    *found = shared_arena_alloc(arena, work->count * sizeof(**found));
    if (!place_of || !*found)
        return layer_unit_no_memory(err);
    number(work, place_of, *found, count);
    int status = list_entries(work, place_of, *found, *count, err);
    for (size_t i = 0; status == 0 && i < *count; i++)
        status = hash_own(work, &(*found)[i], &bytes, err);
    for (size_t i = 0; status == 0 && i < *count; i++)
        status = list_needs(work, place_of, &(*found)[i], err);
    return status < 0 ? status : layer_found_close(*found, *count, &bytes, err);
}
