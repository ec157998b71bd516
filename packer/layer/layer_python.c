/*
 * Python: what a distribution installed is a unit: its package folders and modules, what was compiled of them, its
 * .dist-info and its ".libs" of shared objects. On Lambda sys.path has /var/task, then /opt/python (Lambda developer
 * guide, "Layers", 2025), so that units find each other wherever they lie; but a package that is split finds nothing. A
 * folder that several distributions share (PEP 420) makes one unit of them. What no distribution says to be its own is
 * the function's.
 */
#include "layer/layer_python_file.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <string.h>

#define CACHE "__pycache__/"
#define MOST_RECORD_BYTES ((size_t)64 << 20)

struct claiming {
    struct layer_work *work;
    size_t unit; /* of the distribution's metadata */
};

static const char *name_of(const struct layer_unit *unit)
{
    return unit->place + strlen("python/");
}

/* The bytes of the top folder or file that a place lies in; of what was compiled of a module, all of it. */
static size_t top_size(const char *place)
{
    return strncmp(place, CACHE, strlen(CACHE)) == 0 ? strlen(place) : strcspn(place, "/");
}

static bool is_libs(const char *name, size_t size)
{
    static const char end[] = ".libs";
    return size >= sizeof(end) && memcmp(name + size - (sizeof(end) - 1), end, sizeof(end) - 1) == 0;
}

/* A unit for each top folder and file, unmerged. */
static int take_entry(struct layer_work *work, size_t entry, struct shared_error *err)
{
    const char *place = work->package->entries[entry].place;
    size_t size = top_size(place), unit = entry > 0 ? work->unit_of[entry - 1] : LAYER_NONE;
    if (strcmp(place, "bootstrap") == 0)
        return 0;
    if (unit != LAYER_NONE && place[size] == '/') {
        const char *name = name_of(&work->units[unit]);
        if (strncmp(name, place, size) == 0 && name[size] == '\0') {
            work->unit_of[entry] = unit;
            return 0;
        }
    }
    int status = layer_unit_add(work, shared_arena_format(work->arena, "python/%.*s", (int)size, place),
                                LAYER_PYTHON, &work->unit_of[entry], err);
    /* numpy names a unit rather than numpy-2.0.dist-info, numpy.libs or _numpy. */
    if (status == 0 && (layer_python_is_metadata(place, size) || is_libs(place, size) || place[0] == '_'))
        work->units[work->unit_of[entry]].last_choice = true;
    return status;
}

static size_t unit_at(const struct layer_work *work, const char *place)
{
    size_t entry = layer_unit_find(work, place);
    return entry < work->package->count ? work->unit_of[entry] : LAYER_NONE;
}

static int claim(void *user, const char *path, struct shared_error *err)
{
    struct claiming *claiming = user;
    struct layer_work *work = claiming->work;
    /* Scripts lie in folders of their own: ../../bin/x. */
    if (path[0] == '/' || strncmp(path, "../", 3) == 0 || strncmp(path, "bin/", 4) == 0)
        return 0;
    char *top = shared_arena_copy(work->known->arena, shared_slice_of(path, top_size(path)));
    if (!top)
        return layer_unit_no_memory(err);
    size_t unit = unit_at(work, top);
    if (unit != LAYER_NONE)
        layer_unit_merge(work, unit, claiming->unit);
    return 0;
}

/* A name of top_level.txt: a package, or a module of Python or of C. */
static int claim_name(void *user, const char *name, struct shared_error *err)
{
    struct claiming *claiming = user;
    struct layer_work *work = claiming->work;
    size_t size = strlen(name);
    if (strchr(name, '/'))
        return 0;
    for (size_t i = 0; i < work->count; i++) {
        const char *other = name_of(&work->units[i]);
        if (strncmp(other, name, size) == 0 && (other[size] == '\0' || strcmp(other + size, ".py") == 0 ||
                                                (other[size] == '.' && layer_is_object_name(other))))
            layer_unit_merge(work, i, claiming->unit);
    }
    (void)err;
    return 0;
}

/* Paths of installed-files.txt are relative to the .egg-info. */
static int claim_installed(void *user, const char *path, struct shared_error *err)
{
    return strncmp(path, "../", 3) == 0 ? claim(user, path + 3, err) : 0;
}

static int read_list(struct claiming *claiming, const char *name, layer_python_visit *visit, bool *found,
                     struct shared_error *err)
{
    struct layer_work *work = claiming->work;
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const char *metadata = name_of(&work->units[claiming->unit]);
    const char *place = shared_arena_format(work->known->arena, "%s/%s", metadata, name);
    struct shared_slice text;
    if (!place)
        return layer_unit_no_memory(err);
    size_t entry = layer_unit_find(work, place);
    if (entry == work->package->count || !work->package->entries[entry].source)
        return 0;
    int status = file_read(work->package->entries[entry].source, MOST_RECORD_BYTES, &scratch, &text, err);
    if (status < 0)
        return status == SHARED_ENOMEM ? status : 0;
    *found = true;
    return layer_python_record_each(text, visit, claiming, err);
}

/* Where a distribution lists nothing, what is called as it is. */
static int claim_all(struct layer_work *work, size_t unit, struct shared_error *err)
{
    struct claiming claiming = {work, unit};
    const char *metadata = name_of(&work->units[unit]);
    bool found = false;
    int status = read_list(&claiming, "RECORD", claim, &found, err);
    if (status == 0 && !found)
        status = read_list(&claiming, "installed-files.txt", claim_installed, &found, err);
    if (status == 0 && !found)
        status = read_list(&claiming, "top_level.txt", claim_name, &found, err);
    for (size_t i = 0; status == 0 && !found && i < work->count; i++)
        if (layer_python_same_name(metadata, name_of(&work->units[i])))
            layer_unit_merge(work, i, unit);
    return status;
}

/* "numpy.libs" goes with numpy, and what was compiled of a module with it, whoever lists them. */
static void claim_neighbours(struct layer_work *work, size_t unit)
{
    const char *name = name_of(&work->units[unit]);
    size_t size = strlen(name);
    char other[256];
    if (strncmp(name, CACHE, strlen(CACHE)) == 0) {
        name += strlen(CACHE);
        size = strcspn(name, ".");
        if (size + sizeof(".py") <= sizeof(other))
            strcpy(stpncpy(other, name, size), ".py");
        else
            return;
    } else if (is_libs(name, size) && size < sizeof(other)) {
        *stpncpy(other, name, size - strlen(".libs")) = '\0';
    } else {
        return;
    }
    size_t neighbour = unit_at(work, other);
    if (neighbour != LAYER_NONE)
        layer_unit_merge(work, unit, neighbour);
}

static bool is_identifier(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_' ||
              (*at >= '0' && *at <= '9' && at > name) || (unsigned char)*at >= 0x80))
            return false;
    return *name != '\0';
}

/* A package without __init__ goes on wherever sys.path has a folder of its name: it cannot be shadowed (PEP 420). */
static int find_namespace(struct layer_work *work, size_t unit, struct shared_error *err)
{
    const char *name = name_of(&work->units[unit]);
    const char *place = shared_arena_format(work->known->arena, "%s/__init__.", name);
    if (!place)
        return layer_unit_no_memory(err);
    size_t folder = layer_unit_find(work, name);
    bool is_folder = folder < work->package->count && strcmp(work->package->entries[folder].place, name) != 0;
    if (is_folder && is_identifier(name) && !layer_unit_below(work, layer_unit_entry(work, place), place))
        work->units[layer_unit_root(work, unit)].shadowed = false;
    return 0;
}

/* "app.main.handler" and "app/main.handler" are in app, or app.py; a handler alone is of no module. */
static bool is_handler(const struct layer_work *work, const char *name)
{
    const char *handler = work->function->handler ? work->function->handler : "";
    size_t size = strcspn(handler, "./");
    return handler[size] && strncmp(name, handler, size) == 0 && (name[size] == '\0' || name[size] == '.');
}

/* What is of no distribution is nobody's unit: later rules may take it. */
static void release(struct layer_work *work, const bool *claimed)
{
    for (size_t i = 0; i < work->package->count; i++) {
        size_t unit = work->unit_of[i];
        if (unit == LAYER_NONE)
            continue;
        if (is_handler(work, name_of(&work->units[unit])) &&
            !layer_python_is_metadata(name_of(&work->units[unit]), strlen(name_of(&work->units[unit])))) {
            work->why[i] = "is what the runtime loads as the handler";
            layer_unit_stay(work, unit, work->why[i]);
        }
        if (!claimed[layer_unit_root(work, unit)])
            work->unit_of[i] = LAYER_NONE;
    }
}

int layer_python_mark(struct layer_work *work, struct shared_error *err)
{
    int status = 0;
    if (!work->function->runtime || strncmp(work->function->runtime, "python", strlen("python")) != 0)
        return 0;
    for (size_t i = 0; status == 0 && i < work->package->count; i++)
        status = take_entry(work, i, err);
    for (size_t i = 0; status == 0 && i < work->count; i++)
        if (layer_python_is_metadata(name_of(&work->units[i]), strlen(name_of(&work->units[i]))))
            status = claim_all(work, i, err);
    for (size_t i = 0; status == 0 && i < work->count; i++)
        claim_neighbours(work, i);
    for (size_t i = 0; status == 0 && i < work->count; i++)
        status = find_namespace(work, i, err);
    bool *claimed = shared_arena_alloc(work->known->arena, work->count * sizeof(*claimed));
    if (status < 0 || !claimed)
        return status < 0 ? status : layer_unit_no_memory(err);
    memset(claimed, 0, work->count * sizeof(*claimed));
    for (size_t i = 0; i < work->count; i++)
        if (layer_python_is_metadata(name_of(&work->units[i]), strlen(name_of(&work->units[i]))))
            claimed[layer_unit_root(work, i)] = true;
    release(work, claimed);
    return 0;
}
