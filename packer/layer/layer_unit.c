#include "layer/layer_unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_UNITS 64
#define FIRST_NEEDS 8

int layer_unit_no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for what may go into layers");
}

int layer_unit_add(struct layer_work *work, const char *place, enum layer_kind kind, size_t *unit,
                   struct shared_error *err)
{
    if (!place)
        return layer_unit_no_memory(err);
    if (work->count == work->capacity) {
        size_t capacity = work->capacity ? 2 * work->capacity : FIRST_UNITS, bytes = sizeof(*work->units);
        struct layer_unit *units =
            shared_arena_resize(work->arena, work->units, work->capacity * bytes, capacity * bytes);
        if (!units)
            return layer_unit_no_memory(err);
        work->units = units;
        work->capacity = capacity;
    }
    /* The place of an item has no slash at its end, and what is merged is named after files. */
    size_t size = strlen(place);
    bool is_folder = size > 0 && place[size - 1] == '/';
    if (is_folder)
        place = shared_arena_copy(work->arena, shared_slice_of(place, size - 1));
    if (!place)
        return layer_unit_no_memory(err);
    *unit = work->count;
    work->units[work->count++] = (struct layer_unit){
        .place = place, .kind = kind, .shadowed = true, .last_choice = is_folder, .merged = *unit};
    return 0;
}

/* Halves the way for those who come after (van Leeuwen, van der Weide 1977): a root is the one that names its units. */
size_t layer_unit_root(const struct layer_work *work, size_t unit)
{
    struct layer_unit *units = work->units;
    while (unit != LAYER_NONE && units[unit].merged != unit)
        unit = units[unit].merged = units[units[unit].merged].merged;
    return unit;
}

size_t layer_unit_of(const struct layer_work *work, size_t entry)
{
    return layer_unit_root(work, work->unit_of[entry]);
}

/* Whether a gives its name to what a and b become. */
static bool names(const struct layer_unit *a, const struct layer_unit *b)
{
    if (a->last_choice != b->last_choice)
        return !a->last_choice;
    return strcmp(a->place, b->place) < 0;
}

void layer_unit_merge(struct layer_work *work, size_t a, size_t b)
{
    a = layer_unit_root(work, a);
    b = layer_unit_root(work, b);
    if (a == b)
        return;
    bool a_names = names(&work->units[a], &work->units[b]);
    struct layer_unit *kept = &work->units[a_names ? a : b], *gone = &work->units[a_names ? b : a];
    gone->merged = a_names ? a : b;
    kept->shadowed &= gone->shadowed;
    if (!kept->why)
        kept->why = gone->why;
    work->has_merged = true;
}

int layer_unit_need(struct layer_work *work, size_t unit, size_t needed, struct shared_error *err)
{
    struct layer_unit *at = &work->units[unit];
    for (size_t i = 0; i < at->need_count; i++)
        if (at->needs[i] == needed)
            return 0;
    if (at->need_count == at->need_capacity) {
        size_t capacity = at->need_capacity ? 2 * at->need_capacity : FIRST_NEEDS;
        size_t *needs = shared_arena_resize(work->arena, at->needs, at->need_capacity * sizeof(*needs),
                                            capacity * sizeof(*needs));
        if (!needs)
            return layer_unit_no_memory(err);
        at->needs = needs;
        at->need_capacity = capacity;
    }
    at->needs[at->need_count++] = needed;
    return 0;
}

void layer_unit_stay(struct layer_work *work, size_t unit, const char *why)
{
    unit = layer_unit_root(work, unit);
    if (unit != LAYER_NONE && !work->units[unit].why)
        work->units[unit].why = why;
}

int layer_unit_stay_for(struct layer_work *work, size_t unit, struct shared_error *err, const char *format,
                        ...)
{
    char text[512];
    va_list arguments;
    unit = layer_unit_root(work, unit);
    if (unit == LAYER_NONE || work->units[unit].why)
        return 0;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    work->units[unit].why = shared_arena_copy(work->arena, shared_slice_from_text(text));
    return work->units[unit].why ? 0 : layer_unit_no_memory(err);
}

size_t layer_unit_entry(const struct layer_work *work, const char *place)
{
    size_t low = 0, high = work->package->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(work->package->entries[middle].place, place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool layer_unit_below(const struct layer_work *work, size_t entry, const char *folder)
{
    return entry < work->package->count &&
           strncmp(work->package->entries[entry].place, folder, strlen(folder)) == 0;
}

size_t layer_unit_find(const struct layer_work *work, const char *place)
{
    size_t entry = layer_unit_entry(work, place), size = strlen(place);
    if (entry < work->package->count && strcmp(work->package->entries[entry].place, place) == 0)
        return entry;
    char *folder = shared_arena_alloc(work->known->arena, size + 2);
    if (!folder)
        return work->package->count;
    memcpy(folder, place, size);
    strcpy(folder + size, size && place[size - 1] != '/' ? "/" : "");
    entry = layer_unit_entry(work, folder);
    return layer_unit_below(work, entry, folder) ? entry : work->package->count;
}

/* Who needs each unit: of unit i, list + begin[i] to list + begin[i + 1]. */
struct needers {
    size_t *begin, *list;
};

static int list_needers(const struct layer_work *work, struct needers *needers, struct shared_error *err)
{
    struct shared_arena *arena = work->known->arena;
    size_t edges = 0;
    for (size_t i = 0; i < work->count; i++)
        edges += work->units[i].need_count;
    needers->begin = shared_arena_alloc(arena, (work->count + 2) * sizeof(*needers->begin));
    needers->list = shared_arena_alloc(arena, edges * sizeof(*needers->list));
    if (!needers->begin || !needers->list)
        return layer_unit_no_memory(err);
    memset(needers->begin, 0, (work->count + 2) * sizeof(*needers->begin));
    for (size_t i = 0; i < work->count; i++)
        for (size_t k = 0; k < work->units[i].need_count; k++)
            needers->begin[layer_unit_root(work, work->units[i].needs[k]) + 2]++;
    for (size_t i = 2; i < work->count + 2; i++)
        needers->begin[i] += needers->begin[i - 1];
    for (size_t i = 0; i < work->count; i++)
        for (size_t k = 0; k < work->units[i].need_count; k++)
            needers->list[needers->begin[layer_unit_root(work, work->units[i].needs[k]) + 1]++] = i;
    return 0;
}

int layer_needs_mark(struct layer_work *work, struct shared_error *err)
{
    struct needers needers = {0};
    size_t *staying = shared_arena_alloc(work->known->arena, work->count * sizeof(*staying)), count = 0;
    int status = staying ? list_needers(work, &needers, err) : layer_unit_no_memory(err);
    for (size_t i = 0; status == 0 && i < work->count; i++)
        if (work->units[i].why)
            staying[count++] = i;
    for (size_t done = 0; status == 0 && done < count; done++)
        for (size_t k = needers.begin[staying[done]]; status == 0 && k < needers.begin[staying[done] + 1];
             k++) {
            size_t unit = needers.list[k];
            if (work->units[unit].why)
                continue;
            status = layer_unit_stay_for(work, unit, err, "needs %s, which stays",
                                         work->units[staying[done]].place);
            staying[count++] = unit;
        }
    return status;
}
