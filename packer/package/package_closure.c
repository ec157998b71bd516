#include "package/package_closure.h"

#include "base/path.h"
#include "check/checks.h"
#include "package/package_closure_find.h"
#include "package/package_list.h"
#include "package/package_origin.h"
#include "package/package_shown.h"

#include <stdlib.h>
#include <string.h>

/* Something that is loaded: the program first. */
struct loaded {
    struct loaded *next;
    const struct loaded *needer; /* NULL: the program */
    const char *name;            /* "bootstrap", or what needer calls it */
    const char *place;           /* in the package */
    const struct closure_object *object;
    const char *origin; /* folder that its $ORIGIN is on this machine; NULL: none */
};

struct gathering {
    struct package_closure *closure;
    const struct manifest_function *function;
    const struct package *package;
    struct loaded *first, *last;
    struct package_list added;
    struct shared_error
        missing; /* the first library that is nowhere; its code is SHARED_OK where there is none */
};

static int add_loaded(struct gathering *all, const struct loaded *needer, const char *name, const char *place,
                      const struct closure_object *object, struct shared_error *err)
{
    struct loaded *loaded = shared_arena_alloc(all->closure->arena, sizeof(*loaded));
    const char *origin = needer ? path_folder(all->closure->arena, object->file) : NULL;
    const char *binary = all->function->binary;
    if (!needer && binary) {
        binary = path_join(all->closure->arena, all->closure->target->manifest->folder, binary);
        origin = binary ? path_folder(all->closure->arena, binary) : NULL;
    }
    if (!loaded || ((needer || binary) && !origin))
        return closure_no_memory(name, err);
    *loaded = (struct loaded){NULL, needer, name, place, object, origin};
    if (all->last)
        all->last->next = loaded;
    else
        all->first = loaded;
    all->last = loaded;
    return 0;
}

static int by_place(const void *place, const void *entry)
{
    return strcmp(place, ((const struct package_entry *)entry)->place);
}

/* A file or a symlink of the package, what was added so far included; NULL: there is none. */
static const struct package_entry *find_entry(const struct gathering *all, const char *place)
{
    const struct package_entry *entry = all->package->count
                                            ? bsearch(place, all->package->entries, all->package->count,
                                                      sizeof(*all->package->entries), by_place)
                                            : NULL;
    for (size_t i = 0; !entry && i < all->added.count; i++)
        if (strcmp(all->added.items[i].place, place) == 0)
            entry = &all->added.items[i];
    return entry;
}

static const struct package_entry *find_below(const struct gathering *all, const char *folder,
                                              const char *name)
{
    const char *place = folder ? shared_arena_format(all->closure->arena, "%s%s", folder, name) : NULL;
    return place ? find_entry(all, place) : NULL;
}

static const struct package_entry *find_on_path(const struct gathering *all, const struct loaded *needer,
                                                const char *path, const char *name)
{
    const struct package_entry *entry = NULL;
    for (struct shared_slice rest = shared_slice_from_text(path); !entry && rest.data;) {
        struct shared_slice folder = shared_slice_split(&rest, ':');
        entry = find_below(all, package_run_folder(needer->place, folder, all->closure->arena), name);
    }
    return entry;
}

/* In the dynamic loader's order (ld.so(8)): DT_RPATH, LD_LIBRARY_PATH as Lambda sets it, DT_RUNPATH. */
static const struct package_entry *find_in_package(const struct gathering *all, const struct loaded *needer,
                                                   const char *name)
{
    const struct closure_object *object = needer->object;
    const struct package_entry *entry =
        object->run_path ? NULL : find_on_path(all, needer, object->search_path, name);
    if (!entry)
        entry = find_below(all, "", name);
    if (!entry)
        entry = find_below(all, "lib/", name);
    return entry ? entry : find_on_path(all, needer, object->run_path, name);
}

/* "bootstrap needs liba.so.1, which needs … libz.so.1" */
static const char *chain_text(const struct gathering *all, const struct loaded *needer, const char *name)
{
    struct shared_arena *arena = all->closure->arena;
    const char *text = shared_arena_format(arena, "%s", package_shown(name).text);
    size_t shown = 0;
    for (; text && needer; needer = needer->needer) {
        bool is_program = !needer->needer;
        if (!is_program && ++shown == 5)
            text = shared_arena_format(arena, "\xE2\x80\xA6, which needs %s", text);
        if (is_program || shown < 5)
            text = shared_arena_format(arena, "%s%s needs %s", package_shown(needer->name).text,
                                       is_program ? "" : ", which", text);
    }
    return text;
}

static bool is_turned_off(const struct manifest_check_off *off, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(off[i].name, check_rules[CHECK_NEEDED_LIBRARIES].name) == 0)
            return true;
    return false;
}

/* The rest is looked for all the same. */
static int note_missing(struct gathering *all, const struct loaded *needer,
                        const struct closure_search *search, struct shared_error *err)
{
    const struct manifest *manifest = all->closure->target->manifest;
    if (all->missing.code != SHARED_OK || is_turned_off(manifest->checks_off, manifest->check_off_count) ||
        is_turned_off(all->function->checks_off, all->function->check_off_count))
        return 0;
    const char *chain = chain_text(all, needer, search->name);
    if (!chain)
        return closure_no_memory(search->name, err);
    if (search->passed_over)
        shared_fail(&all->missing, SHARED_ENOTFOUND, 0,
                    "function %s: %s: %s; install it for %s, or put it under lib/ as an asset",
                    all->function->name, chain, search->passed_over,
                    manifest_architecture_name(manifest->architecture));
    else
        shared_fail(&all->missing, SHARED_ENOTFOUND, 0,
                    "function %s: %s, which %s does not find; install it, put it under lib/ as an asset, "
                    "or link it statically",
                    all->function->name, chain, path_base(manifest->toolchain.compiler));
    return 0;
}

static int add_library(struct gathering *all, const struct loaded *needer, const char *name,
                       struct shared_error *err)
{
    struct closure_search search = {
        .function = all->function, .needer = needer->object, .origin = needer->origin, .name = name};
    const struct closure_object *object;
    int status = closure_find(all->closure, &search, &object, err);
    if (status < 0 || !object)
        return status < 0 ? status : note_missing(all, needer, &search, err);
    struct package_entry entry = {.place = shared_arena_format(all->closure->arena, "lib/%s", name),
                                  .source = object->file,
                                  .kind = PACKAGE_FILE,
                                  .size_bytes = object->size_bytes};
    if (!entry.place)
        return closure_no_memory(name, err);
    status = package_list_add(&all->added, &entry, err);
    return status < 0 ? status : add_loaded(all, needer, name, entry.place, object, err);
}

static bool is_loaded(const struct gathering *all, const char *place)
{
    const struct loaded *loaded = all->first;
    while (loaded && strcmp(loaded->place, place) != 0)
        loaded = loaded->next;
    return loaded != NULL;
}

/* What the package has is followed too; one that cannot be loaded is for the checks to name. */
static int follow(struct gathering *all, const struct loaded *needer, const char *name,
                  struct shared_error *err)
{
    struct manifest_texts versions;
    const struct closure_object *object;
    /* A name with a slash is a path, which no folder is searched for. */
    if (strchr(name, '/') || check_target_has(all->closure->target, name, &versions))
        return 0;
    const struct package_entry *entry = find_in_package(all, needer, name);
    if (!entry)
        return add_library(all, needer, name, err);
    if (is_loaded(all, entry->place))
        return 0;
    int status = closure_read(all->closure, entry->source, &object, err);
    return status < 0 || object->problem ? status : add_loaded(all, needer, name, entry->place, object, err);
}

static int gather(struct gathering *all, struct shared_error *err)
{
    int status = 0;
    for (const struct loaded *at = all->first; status == 0 && at; at = at->next)
        for (size_t i = 0; status == 0 && i < at->object->needed.count; i++)
            status = follow(all, at, at->object->needed.items[i], err);
    return status;
}

/* The package with what was added: checked as assets are. */
static int merge(struct gathering *all, struct package *package, struct shared_error *err)
{
    struct package_list *list = &all->added;
    uint64_t bytes = package->unzipped_bytes;
    if (list->count == 0)
        return 0;
    size_t count = list->count + package->count;
    struct package_entry *entries = shared_arena_alloc(list->arena, count * sizeof(*entries));
    if (!entries)
        return closure_no_memory(all->function->name, err);
    if (package->count)
        memcpy(entries, package->entries, package->count * sizeof(*entries));
    memcpy(entries + package->count, list->items, list->count * sizeof(*entries));
    for (size_t i = 0; i < list->count; i++)
        if (__builtin_add_overflow(bytes, list->items[i].size_bytes, &bytes))
            bytes = UINT64_MAX;
    struct package_list merged = {.arena = list->arena, .items = entries, .count = count, .capacity = count};
    int status = package_clash_check(&merged, err);
    if (status == 0)
        *package = (struct package){merged.items, merged.count, bytes};
    return status;
}

int package_add_closure(struct package_closure *closure, const struct manifest_function *function,
                        const char *program, struct package *package, struct shared_error *err)
{
    struct gathering all = {
        .closure = closure, .function = function, .package = package, .added = {.arena = closure->arena}};
    const struct closure_object *object;
    int status = closure_read(closure, program, &object, err);
    if (status < 0 || (object && !object->problem && !object->interpreted))
        return status;
    if (object->problem)
        return shared_fail(err, SHARED_EPROTO, 0, "function %s: %s", function->name, object->problem);
    status = add_loaded(&all, NULL, "bootstrap", "bootstrap", object, err);
    if (status == 0)
        status = gather(&all, err);
    if (status == 0)
        status = merge(&all, package, err);
    if (status == 0 && all.missing.code != SHARED_OK) {
        if (err)
            *err = all.missing;
        status = SHARED_ENOTFOUND;
    }
    return status;
}
