/*
 * Node.js: a package folder is a unit, with all below it. Node looks for what a package requires in node_modules of the
 * folders above the file that does ("Modules: CommonJS modules", "Loading from node_modules folders"), and then in
 * NODE_PATH, which on Lambda has /opt/nodejs/node_modules, but no node_modules of the function's: a package in /opt
 * finds others in /opt alone, so that all that it needs has to be in layers too. What lies in the function's
 * zip finds both.
 *
 * import, unlike require, looks at no NODE_PATH (node's "Modules: ECMAScript modules", "No NODE_PATH"). Lambda's node
 * does from nodejs18.x on (Lambda developer guide, "Designating a function handler as an ES module", 2025), but no
 * other, so that what is imported moves only where "movable" says so.
 */
#include "layer/layer_node_file.h"

#include "base/path.h"

#include <string.h>

#define MODULES "node_modules/"

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static bool is_file(const struct package_entry *entry)
{
    return entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE;
}

/* The bytes of "node_modules/x" at the start of a place; 0: it is of no package. */
static size_t unit_size(const char *place)
{
    size_t name = layer_node_name_size(place + strlen(MODULES));
    return name ? strlen(MODULES) + name : 0;
}

static int take_entry(struct layer_work *work, size_t entry, struct shared_error *err)
{
    const struct package_entry *at = &work->package->entries[entry];
    size_t size = unit_size(at->place), unit = entry > 0 ? work->unit_of[entry - 1] : LAYER_NONE;
    if (size == 0)
        return 0;
    if (unit != LAYER_NONE) {
        const char *last = work->units[unit].place + strlen("nodejs/");
        if (strlen(last) == size && memcmp(last, at->place, size) == 0 && at->place[size] == '/') {
            work->unit_of[entry] = unit;
            return 0;
        }
    }
    int status = layer_unit_add(work, shared_arena_format(work->arena, "nodejs/%.*s", (int)size, at->place),
                                LAYER_NODE, &work->unit_of[entry], err);
    if (status == 0 && at->place[size] != '/')
        layer_unit_stay(work, work->unit_of[entry],
                        at->kind == PACKAGE_SYMLINK ? "is a symlink to a package, not its folder"
                                                    : "is a file, not a package folder");
    return status;
}

/* Where node finds a package from a folder, "node_modules/x"; the top's entry, or package->count. */
static int resolve(const struct layer_work *work, const char *folder, const char *name, size_t *entry,
                   struct shared_error *err)
{
    char *at = shared_arena_alloc(work->known->arena, strlen(folder) + strlen(MODULES) + strlen(name) + 2);
    size_t size = strlen(folder);
    if (!at)
        return layer_unit_no_memory(err);
    memcpy(at, folder, size);
    for (;;) {
        strcpy(stpcpy(at + size, size ? "/" MODULES : MODULES), name);
        *entry = layer_unit_find(work, at);
        if (*entry < work->package->count || size == 0)
            return 0;
        while (size > 0 && at[size - 1] != '/')
            size--;
        size -= size > 0;
    }
}

/* Whether a place within a unit is that of a package's package.json, its own or a nested one's. */
static bool is_package_file(const char *place, size_t unit)
{
    const char *rest = place + unit;
    for (const char *next; (next = strstr(rest, "/" MODULES)) != NULL;) {
        size_t name = layer_node_name_size(next + strlen("/" MODULES));
        rest = next + strlen("/" MODULES) + name;
        if (name == 0)
            return false;
    }
    return strcmp(rest, "/package.json") == 0;
}

static int add_needs(struct layer_work *work, size_t entry, const struct layer_node_file *file,
                     struct shared_error *err)
{
    const char *folder = path_folder(work->known->arena, work->package->entries[entry].place);
    int status = folder ? 0 : layer_unit_no_memory(err);
    for (size_t i = 0; status == 0 && i < file->needs.count; i++) {
        size_t found = work->package->count;
        status = resolve(work, folder, file->needs.items[i], &found, err);
        size_t needed = status == 0 && found < work->package->count ? work->unit_of[found] : LAYER_NONE;
        if (needed != LAYER_NONE && needed != work->unit_of[entry])
            status = layer_unit_need(work, work->unit_of[entry], needed, err);
    }
    return status;
}

static bool is_allowed(const struct layer_work *work, const struct layer_unit *unit)
{
    return layer_is_movable(work, unit->place + strlen("nodejs/"));
}

/* Units that import reaches, each once. */
struct reaching {
    size_t *list;
    size_t count;
    bool *has; /* each unit */
};

static void reach(struct reaching *reaching, size_t unit)
{
    if (!reaching->has[unit])
        reaching->list[reaching->count++] = unit;
    reaching->has[unit] = true;
}

/* What import alone finds is looked for beside the function, with all that it imports in turn. */
static int keep_imported(struct layer_work *work, struct reaching *reaching, size_t unit,
                         struct shared_error *err)
{
    size_t done = reaching->count;
    if (is_allowed(work, &work->units[unit]))
        return 0;
    layer_unit_stay(work, unit, "is an ES module, which node imports from beside the function alone");
    for (reach(reaching, unit); done < reaching->count; done++) {
        const struct layer_unit *at = &work->units[reaching->list[done]];
        for (size_t i = 0; i < at->need_count; i++) {
            if (is_allowed(work, &work->units[at->needs[i]]))
                continue;
            int status = layer_unit_stay_for(work, at->needs[i], err, "is imported by %s, an ES module",
                                             work->units[unit].place + strlen("nodejs/"));
            if (status < 0)
                return status;
            reach(reaching, at->needs[i]);
        }
    }
    return 0;
}

static int keep_all_import_only(struct layer_work *work, const bool *import_only, struct shared_error *err)
{
    struct shared_arena *arena = work->known->arena;
    struct reaching reaching = {.list = shared_arena_alloc(arena, work->count * sizeof(*reaching.list)),
                                .has = shared_arena_alloc(arena, work->count * sizeof(*reaching.has))};
    if (!reaching.list || !reaching.has)
        return layer_unit_no_memory(err);
    memset(reaching.has, 0, work->count * sizeof(*reaching.has));
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->count; i++)
        if (import_only[i])
            status = keep_imported(work, &reaching, i, err);
    return status;
}

/* Reads the package.json of a unit's packages. */
static int read_packages(struct layer_work *work, size_t first, size_t end, bool *import_only,
                         struct shared_error *err)
{
    int status = 0;
    for (size_t i = first; status == 0 && i < end; i++) {
        const struct package_entry *entry = &work->package->entries[i];
        const struct layer_node_file *file;
        size_t unit = work->unit_of[i];
        if (unit == LAYER_NONE || !is_file(entry) || !ends_with(entry->place, "/package.json") ||
            !is_package_file(entry->place, strlen(work->units[unit].place) - strlen("nodejs/")))
            continue;
        status = layer_known_node(work->known, entry, &file, err);
        if (status == 0 && !file->readable)
            status = layer_unit_stay_for(work, unit, err, "has a package.json that is no JSON");
        if (status == 0)
            status = add_needs(work, i, file, err);
        import_only[unit] |= status == 0 && file->import_only;
    }
    return status;
}

/* Generated code is put beside packages under a name that no package can have: @prisma/client needs .prisma. */
static int keep_with_generated(struct layer_work *work, size_t unit, struct shared_error *err)
{
    const char *name = work->units[unit].place + strlen("nodejs/" MODULES);
    if (name[0] != '@')
        return 0;
    const char *place =
        shared_arena_format(work->known->arena, MODULES ".%.*s", (int)strcspn(name + 1, "/"), name + 1);
    if (!place)
        return layer_unit_no_memory(err);
    return layer_unit_find(work, place) < work->package->count
               ? layer_unit_stay_for(work, unit, err, "may need %s, which stays", place)
               : 0;
}

/* Lambda takes "folder/index.handler": a module, and what it exports. */
static bool is_handler(const struct layer_work *work, const char *place)
{
    const char *handler = work->function->handler ? work->function->handler : "";
    size_t folder = (size_t)(path_base(handler) - handler);
    size_t size = folder + strcspn(handler + folder, ".");
    return size > 0 && strncmp(place, handler, size) == 0 &&
           (strcmp(place + size, ".js") == 0 || strcmp(place + size, ".mjs") == 0 ||
            strcmp(place + size, ".cjs") == 0 || place[size] == '\0');
}

/* A file of the function's own that may import packages; *place stays NULL where there is none. */
static int find_import(struct layer_work *work, const char **place, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && !*place && i < work->package->count; i++) {
        const struct package_entry *entry = &work->package->entries[i];
        const struct layer_node_file *file;
        bool imports = ends_with(entry->place, ".mjs");
        if (work->unit_of[i] != LAYER_NONE || !is_file(entry) || strstr(entry->place, MODULES))
            continue;
        if (strcmp(path_base(entry->place), "package.json") == 0) {
            status = layer_known_node(work->known, entry, &file, err);
            imports = status == 0 && file->is_module;
        } else if (ends_with(entry->place, ".js") || ends_with(entry->place, ".cjs")) {
            status = layer_known_import(work->known, entry, &imports, err);
        }
        if (imports)
            *place = entry->place;
    }
    return status;
}

static int keep_all_imported(struct layer_work *work, const bool *import_only, struct shared_error *err)
{
    const char *importer = NULL;
    int status = work->count ? find_import(work, &importer, err) : 0;
    if (status < 0 || !importer)
        return status < 0 ? status : keep_all_import_only(work, import_only, err);
    for (size_t i = 0; status == 0 && i < work->count; i++)
        if (!is_allowed(work, &work->units[i]))
            status = layer_unit_stay_for(
                work, i, err,
                "may be imported by %s, and node finds what is imported beside the function alone", importer);
    return status;
}

int layer_node_mark(struct layer_work *work, struct shared_error *err)
{
    size_t first = layer_unit_entry(work, MODULES), end = first;
    int status = 0;
    if (!work->function->runtime || strncmp(work->function->runtime, "nodejs", strlen("nodejs")) != 0)
        return 0;
    for (; status == 0 && layer_unit_below(work, end, MODULES); end++)
        status = take_entry(work, end, err);
    bool *import_only = shared_arena_alloc(work->known->arena, work->count * sizeof(*import_only));
    if (status < 0 || !import_only)
        return status < 0 ? status : layer_unit_no_memory(err);
    memset(import_only, 0, work->count * sizeof(*import_only));
    for (size_t i = 0; i < work->package->count; i++)
        if (is_handler(work, work->package->entries[i].place)) {
            work->why[i] = "is what the runtime loads as the handler";
            layer_unit_stay(work, work->unit_of[i], work->why[i]);
        }
    status = read_packages(work, first, end, import_only, err);
    for (size_t i = 0; status == 0 && i < work->count; i++)
        status = keep_with_generated(work, i, err);
    return status < 0 ? status : keep_all_imported(work, import_only, err);
}
