#include "layer/layer_unit.h"

#include "base/path.h"
#include "package/package_origin.h"

#include <string.h>

/* Drops the last part of a path without a slash at its end. */
static size_t parent(const char *path, size_t size)
{
    while (size > 0 && path[size - 1] != '/')
        size--;
    return size > 0 ? size - 1 : 0;
}

/* Where a symlink's target lies, by its text alone; NULL: out of the package, or memory is exhausted. */
static char *target_of(const struct package_entry *link, struct shared_arena *arena)
{
    size_t size = parent(link->place, strlen(link->place));
    char *at = shared_arena_alloc(arena, strlen(link->place) + strlen(link->target) + 2);
    if (!at)
        return NULL;
    memcpy(at, link->place, size);
    for (const char *rest = link->target; *rest;) {
        size_t part = strcspn(rest, "/");
        if (part == 2 && memcmp(rest, "..", 2) == 0) {
            if (size == 0)
                return NULL;
            size = parent(at, size);
        } else if (part > 0 && !(part == 1 && *rest == '.')) {
            if (size > 0)
                at[size++] = '/';
            memcpy(at + size, rest, part);
            size += part;
        }
        rest += part + (rest[part] == '/');
    }
    at[size] = '\0';
    return at;
}

/* Units of one kind go together, but for packages, which are whole as they are; else both stay. */
static int join(struct layer_work *work, size_t link, size_t entry, struct shared_error *err)
{
    size_t from = layer_unit_of(work, link), to = layer_unit_of(work, entry);
    if (from == to)
        return 0;
    bool both = from != LAYER_NONE && to != LAYER_NONE && work->units[from].kind == work->units[to].kind;
    if (both && work->units[from].kind != LAYER_NODE) {
        layer_unit_merge(work, from, to);
        return 0;
    }
    int status = layer_unit_stay_for(work, from, err, "leads to %s", work->package->entries[entry].place);
    return status < 0 ? status
                      : layer_unit_stay_for(work, to, err, "is what the symlink %s leads to",
                                            work->package->entries[link].place);
}

/* A symlink that stands in a folder's place on the way leads on. */
static int join_on_the_way(struct layer_work *work, size_t link, char *target, struct shared_error *err)
{
    int status = 0;
    for (char *slash = strchr(target, '/'); status == 0 && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        size_t found = layer_unit_entry(work, target);
        if (found < work->package->count && strcmp(work->package->entries[found].place, target) == 0)
            status = join(work, link, found, err);
        *slash = '/';
    }
    return status;
}

/* npm's names of commands are left in the zip; nothing but a fixed path leads to them. */
static bool is_command(const struct package_entry *link)
{
    return strncmp(link->place, "node_modules/.bin/", strlen("node_modules/.bin/")) == 0;
}

int layer_links_mark(struct layer_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->package->count; i++) {
        const struct package_entry *link = &work->package->entries[i];
        if (link->kind != PACKAGE_SYMLINK || is_command(link))
            continue;
        char *target = target_of(link, work->known->arena);
        if (!target || !*target) {
            status = layer_unit_stay_for(work, work->unit_of[i], err, "leads out of its folder");
            continue;
        }
        status = join_on_the_way(work, i, target, err);
        size_t found = layer_unit_find(work, target), size = strlen(target);
        for (; status == 0 && found < work->package->count; found++) {
            const char *place = work->package->entries[found].place;
            if (strncmp(place, target, size) != 0 || (place[size] && place[size] != '/'))
                break;
            status = join(work, i, found, err);
        }
    }
    return status;
}

/* A package's shared object that looks into another package: by $ORIGIN, which does not lead from /opt to /var/task. */
static int join_origin(struct layer_work *work, size_t entry, const char *folder, struct shared_error *err)
{
    size_t unit = layer_unit_of(work, entry), first = layer_unit_entry(work, folder);
    size_t other = layer_unit_below(work, first, folder) ? layer_unit_of(work, first) : unit;
    int status = 0;
    if (other == unit || !*folder)
        return 0;
    if (other == LAYER_NONE || work->units[other].kind != work->units[unit].kind)
        return layer_unit_stay_for(work, unit, err, "looks into %s by its $ORIGIN", folder);
    if (work->units[unit].kind == LAYER_PYTHON)
        layer_unit_merge(work, unit, other);
    else
        status = layer_unit_need(work, unit, other, err);
    return status < 0 || work->units[unit].kind == LAYER_PYTHON ? status
                                                                : layer_unit_need(work, other, unit, err);
}

int layer_origins_mark(struct layer_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->package->count; i++) {
        const struct package_entry *entry = &work->package->entries[i];
        size_t unit = layer_unit_of(work, i);
        const struct layer_elf *elf;
        if (unit == LAYER_NONE ||
            (work->units[unit].kind != LAYER_NODE && work->units[unit].kind != LAYER_PYTHON) ||
            entry->kind == PACKAGE_SYMLINK || entry->kind == PACKAGE_FOLDER ||
            !layer_is_object_name(entry->place))
            continue;
        status = layer_known_elf(work->known, entry, &elf, err);
        for (size_t k = 0; status == 0 && k < 2; k++) {
            struct shared_slice rest = shared_slice_from_text(elf->paths[k]);
            while (status == 0 && rest.data) {
                struct shared_slice part = shared_slice_split(&rest, ':');
                const char *folder = package_run_folder(entry->place, part, work->known->arena);
                if (folder)
                    status = join_origin(work, i, folder, err);
            }
        }
    }
    return status;
}
