/*
 * Shared objects in lib/, which LD_LIBRARY_PATH has in /var/task as in /opt. What one finds by $ORIGIN beside that, or
 * below, goes with it; what a symlink leads to as well (layer_links.c).
 */
#include "layer/layer_unit.h"

#include "base/path.h"
#include "package/package_origin.h"

#include <string.h>

#define FOLDER "lib/"

bool layer_is_object_name(const char *place)
{
    const char *name = path_base(place), *so = strstr(name, ".so");
    size_t size = strlen(name);
    while (so && so[3] != '\0' && so[3] != '.')
        so = strstr(so + 1, ".so");
    return so || (size > 5 && strcmp(name + size - 5, ".node") == 0);
}

static bool is_file(const struct package_entry *entry)
{
    return entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE;
}

/* What is taken below lib/. Of each entry there it is known up to where all from it on is one unit; 0: nothing is. */
struct taking {
    struct layer_work *work;
    size_t first; /* entry below lib/ */
    size_t *whole_to;
    size_t *entries; /* that are taken, as they came */
    size_t count;    /* of these */
};

static int take(struct taking *taking, size_t entry, struct shared_error *err)
{
    struct layer_work *work = taking->work;
    taking->entries[taking->count++] = entry;
    return layer_unit_add(work, work->package->entries[entry].place, LAYER_LIBRARY, &work->unit_of[entry],
                          err);
}

/*
 * Everything of a folder below lib/ that an object looks into goes with it. Of a folder that was taken before the first
 * entry stands for all, however many objects look into it.
 */
static int take_folder(struct taking *taking, size_t entry, const char *folder, struct shared_error *err)
{
    struct layer_work *work = taking->work;
    size_t begin = layer_unit_entry(work, folder), i = begin;
    int status = 0;
    while (status == 0 && layer_unit_below(work, i, folder)) {
        if (work->unit_of[i] == LAYER_NONE)
            status = take(taking, i, err);
        if (status == 0)
            layer_unit_merge(work, work->unit_of[i], work->unit_of[entry]);
        size_t whole_to = i == begin ? taking->whole_to[i - taking->first] : 0;
        i = whole_to ? whole_to : i + 1;
    }
    if (i > begin && taking->whole_to[begin - taking->first] < i)
        taking->whole_to[begin - taking->first] = i;
    return status;
}

/* What it needs of a folder: merged within lib/; elsewhere it would be left behind. */
static int take_needed(struct layer_work *work, size_t entry, const char *folder, const struct layer_elf *elf,
                       struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < elf->needed.count; i++) {
        const char *place = shared_arena_format(work->known->arena, "%s%s", folder, elf->needed.items[i]);
        if (!place)
            return layer_unit_no_memory(err);
        size_t found = layer_unit_find(work, place);
        if (found == work->package->count || strcmp(work->package->entries[found].place, place) != 0)
            continue;
        if (strcmp(folder, FOLDER) != 0)
            status = layer_unit_stay_for(work, work->unit_of[entry], err, "finds %s by its $ORIGIN", place);
        else if (work->unit_of[found] != LAYER_NONE)
            layer_unit_merge(work, work->unit_of[found], work->unit_of[entry]);
    }
    return status;
}

/* The folders that an object's $ORIGIN leads to: either those below lib/, which are taken, or lib/ and others. */
static int follow_origin(struct taking *taking, size_t entry, bool below, struct shared_error *err)
{
    struct layer_work *work = taking->work;
    const struct package_entry *object = &work->package->entries[entry];
    const struct layer_elf *elf;
    if (!is_file(object) || !layer_is_object_name(object->place))
        return 0;
    int status = layer_known_elf(work->known, object, &elf, err);
    for (size_t k = 0; status == 0 && k < 2; k++) {
        struct shared_slice rest = shared_slice_from_text(elf->paths[k]);
        while (status == 0 && rest.data) {
            struct shared_slice part = shared_slice_split(&rest, ':');
            const char *folder = package_run_folder(object->place, part, work->known->arena);
            if (!folder || !*folder)
                continue; /* the top is in LD_LIBRARY_PATH */
            bool is_below = strncmp(folder, FOLDER, strlen(FOLDER)) == 0 && folder[strlen(FOLDER)];
            if (is_below && below)
                status = take_folder(taking, entry, folder, err);
            else if (!is_below && !below)
                status = take_needed(work, entry, folder, elf, err);
        }
    }
    return status;
}

static int take_top(struct taking *taking, struct shared_error *err)
{
    struct layer_work *work = taking->work;
    const struct layer_elf *elf;
    int status = 0;
    for (size_t i = taking->first; status == 0 && layer_unit_below(work, i, FOLDER); i++) {
        const struct package_entry *entry = &work->package->entries[i];
        if (work->unit_of[i] != LAYER_NONE || strchr(entry->place + strlen(FOLDER), '/') ||
            !layer_is_object_name(entry->place))
            continue;
        if (is_file(entry)) {
            status = layer_known_elf(work->known, entry, &elf, err);
            if (status == 0 && elf->shared_object)
                status = take(taking, i, err);
        } else if (entry->kind == PACKAGE_SYMLINK) {
            status = take(taking, i, err);
        }
    }
    return status;
}

int layer_libraries_mark(struct layer_work *work, struct shared_error *err)
{
    struct taking taking = {.work = work, .first = layer_unit_entry(work, FOLDER)};
    struct shared_arena *arena = work->known->arena;
    size_t count = 0;
    while (layer_unit_below(work, taking.first + count, FOLDER))
        count++;
    taking.entries = shared_arena_alloc(arena, count * sizeof(*taking.entries));
    taking.whole_to = shared_arena_alloc(arena, count * sizeof(*taking.whole_to));
    if (!taking.entries || !taking.whole_to)
        return layer_unit_no_memory(err);
    memset(taking.whole_to, 0, count * sizeof(*taking.whole_to));
    int status = take_top(&taking, err);
    /* Objects of folders that are taken on the way have their own neighbours. */
    for (size_t i = 0; status == 0 && i < taking.count; i++)
        status = follow_origin(&taking, taking.entries[i], true, err);
    for (size_t i = 0; status == 0 && i < taking.count; i++)
        status = follow_origin(&taking, taking.entries[i], false, err);
    return status;
}
