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

static int take(struct layer_work *work, size_t entry, struct shared_error *err)
{
    return layer_unit_add(work, work->package->entries[entry].place, LAYER_LIBRARY, &work->unit_of[entry],
                          err);
}

/* Everything of a folder below lib/ that an object looks into goes with it. */
static int take_folder(struct layer_work *work, size_t entry, const char *folder, struct shared_error *err)
{
    int status = 0;
    for (size_t i = layer_unit_entry(work, folder); status == 0 && layer_unit_below(work, i, folder); i++) {
        if (work->unit_of[i] == LAYER_NONE)
            status = take(work, i, err);
        if (status == 0)
            layer_unit_merge(work, work->unit_of[i], work->unit_of[entry]);
    }
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

static int follow_origin(struct layer_work *work, size_t entry, const struct layer_elf *elf, const char *path,
                         struct shared_error *err)
{
    const char *place = work->package->entries[entry].place;
    int status = 0;
    for (struct shared_slice rest = shared_slice_from_text(path); status == 0 && rest.data;) {
        struct shared_slice part = shared_slice_split(&rest, ':');
        const char *folder = package_run_folder(place, part, work->known->arena);
        if (!folder || !*folder)
            continue; /* the top is in LD_LIBRARY_PATH */
        bool below = strncmp(folder, FOLDER, strlen(FOLDER)) == 0 && folder[strlen(FOLDER)];
        status = below ? take_folder(work, entry, folder, err) : take_needed(work, entry, folder, elf, err);
    }
    return status;
}

int layer_libraries_mark(struct layer_work *work, struct shared_error *err)
{
    size_t first = layer_unit_entry(work, FOLDER);
    const struct layer_elf *elf;
    int status = 0;
    for (size_t i = first; status == 0 && layer_unit_below(work, i, FOLDER); i++) {
        const struct package_entry *entry = &work->package->entries[i];
        if (work->unit_of[i] != LAYER_NONE || strchr(entry->place + strlen(FOLDER), '/') ||
            !layer_is_object_name(entry->place))
            continue;
        if (is_file(entry)) {
            status = layer_known_elf(work->known, entry, &elf, err);
            if (status == 0 && elf->shared_object)
                status = take(work, i, err);
        } else if (entry->kind == PACKAGE_SYMLINK) {
            status = take(work, i, err);
        }
    }
    /* Objects of folders that are taken on the way have their own neighbours: until no folder is new. */
    for (size_t before = SIZE_MAX; status == 0 && before != work->count;) {
        before = work->count;
        for (size_t i = first; status == 0 && layer_unit_below(work, i, FOLDER); i++) {
            const struct package_entry *entry = &work->package->entries[i];
            if (work->unit_of[i] == LAYER_NONE || work->units[work->unit_of[i]].kind != LAYER_LIBRARY ||
                !is_file(entry) || !layer_is_object_name(entry->place))
                continue;
            status = layer_known_elf(work->known, entry, &elf, err);
            for (size_t k = 0; status == 0 && k < 2; k++)
                if (elf->paths[k])
                    status = follow_origin(work, i, elf, elf->paths[k], err);
        }
    }
    return status;
}
