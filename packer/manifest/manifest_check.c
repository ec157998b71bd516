#include "manifest/manifest_check.h"

#include "base/nearest.h"
#include "base/text_width.h"
#include "manifest/json_locate.h"
#include "manifest/manifest_order.h"

#include <fnmatch.h>
#include <string.h>

#define SHOWN_COLUMNS 40

static int out_of_memory(const struct manifest *manifest, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to check %s", manifest->path);
}

/* The names of all libraries, which are also what a list of all of them would hold. */
static int library_names(const struct manifest *manifest, struct shared_arena *arena,
                         struct manifest_texts *names, struct shared_error *err)
{
    *names = (struct manifest_texts){
        shared_arena_alloc(arena, manifest->library_count * sizeof(*names->items)), manifest->library_count};
    if (!names->items)
        return out_of_memory(manifest, err);
    for (size_t i = 0; i < names->count; i++)
        names->items[i] = manifest->libraries[i].name;
    return 0;
}

static int check_named(const struct manifest *manifest, const struct manifest_texts *wanted,
                       const char *json_path, const char *member, const struct manifest_texts *names,
                       struct shared_arena *arena, struct shared_error *err)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const char *name = wanted->items[i];
        if (manifest_find_library(manifest, name))
            continue;
        const char *path = json_path_member(arena, json_path, member);
        path = path ? json_path_element(arena, path, i) : NULL;
        if (!path)
            return out_of_memory(manifest, err);
        int shown = (int)text_fit(name, SHOWN_COLUMNS);
        const char *near = nearest_name(name, names->items, names->count);
        if (near)
            return manifest_fail(manifest, path, NULL, err, "no library \"%.*s\"; did you mean \"%s\"?",
                                 shown, name, near);
        return manifest_fail(manifest, path, NULL, err, "no library \"%.*s\"; add it to \"libraries\"", shown,
                             name);
    }
    return 0;
}

static int check_libraries(const struct manifest *manifest, const struct manifest_texts *names,
                           struct shared_arena *arena, struct shared_error *err)
{
    for (size_t i = 0; i < manifest->library_count; i++) {
        const struct manifest_library *library = &manifest->libraries[i];
        int status = check_named(manifest, &library->needs, library->json_path, "needs", names, arena, err);
        if (status < 0)
            return status;
    }
    const struct manifest_library **order;
    size_t count;
    return manifest_order(manifest, names, arena, &order, &count, err);
}

/* A function of files alone has nothing that is made, and something that is there. */
static int check_files(const struct manifest *manifest, const struct manifest_function *function,
                       struct shared_error *err)
{
    const char *path = function->json_path;
    const char *extra = function->sources.count               ? "sources"
                        : function->objects.count             ? "objects"
                        : function->binary                    ? "binary"
                        : function->map                       ? "map"
                        : function->libraries.count           ? "libraries"
                        : function->flags.count               ? "flags"
                        : function->linkage != LINKAGE_STATIC ? "linkage"
                                                              : NULL;
    if (extra)
        return manifest_fail(
            manifest, path, extra, err,
            "is for programs; remove it, or the \"runtime\", which makes this a function of files");
    if (!function->handler)
        return manifest_fail(manifest, path, NULL, err, "has a \"runtime\" but no \"handler\"; add it");
    if (function->asset_count == 0)
        return manifest_fail(manifest, path, NULL, err,
                             "has nothing that its runtime could read; add \"assets\"");
    return 0;
}

static int check_origin(const struct manifest *manifest, const struct manifest_function *function,
                        struct shared_error *err)
{
    const char *path = function->json_path;
    if (!manifest_is_program(function))
        return check_files(manifest, function, err);
    if (function->handler)
        return manifest_fail(manifest, path, "handler", err,
                             "is for a function of files; add a \"runtime\" or remove it");
    if (!function->binary) {
        if (function->map)
            return manifest_fail(manifest, path, "map", err, "is only for a \"binary\"; remove it");
        if (function->sources.count + function->objects.count == 0)
            return manifest_fail(manifest, path, NULL, err,
                                 "has nothing to be made of; add \"sources\", \"objects\" or a \"binary\", "
                                 "or a \"runtime\" for files alone");
        return 0;
    }
    const char *extra = function->sources.count   ? "sources"
                        : function->objects.count ? "objects"
                        : function->flags.count   ? "flags"
                                                  : NULL;
    if (extra)
        return manifest_fail(manifest, path, extra, err,
                             "cannot go with \"binary\", which is linked already; remove one");
    return 0;
}

/* What of an ARN says the region: "arn:aws:lambda:REGION:"; or the layer, with all but its version. Its form is known
 * (refuse_layer_name). */
static size_t region_bytes(const char *arn)
{
    size_t size = 0;
    for (int colons = 0; colons < 4; size++)
        colons += arn[size] == ':';
    return size;
}

static size_t layer_bytes(const char *arn)
{
    return (size_t)(strrchr(arn, ':') - arn) + 1;
}

/* Lambda refuses both: "Two different versions of the same layer are not allowed", "Layers are not in the same region as
 * the function". Versions of one layer follow each other: they begin alike, and are sorted. */
static int check_layers(const struct manifest *manifest, const struct manifest_function *function,
                        struct shared_error *err)
{
    const char *first = function->layer_count > 0 ? function->layers[0].arn : "";
    for (size_t i = 1; i < function->layer_count; i++) {
        const struct manifest_layer *layer = &function->layers[i];
        const char *before = layer[-1].arn;
        size_t size = layer_bytes(layer->arn), region_size = region_bytes(first);
        if (size == layer_bytes(before) && strncmp(before, layer->arn, size) == 0)
            return manifest_fail(manifest, layer->json_path, NULL, err,
                                 "version %s of that layer is attached already, and Lambda takes one alone; "
                                 "remove one of them",
                                 before + size);
        if (region_size != region_bytes(layer->arn) || strncmp(first, layer->arn, region_size) != 0)
            return manifest_fail(
                manifest, layer->json_path, NULL, err,
                "is not in %.*s as another one is, and Lambda attaches layers of the function's "
                "own region alone; remove one",
                (int)region_size - 1, first);
    }
    return 0;
}

static bool has_number(const struct manifest_allowance *allowance)
{
    return allowance->bytes != MANIFEST_NO_NUMBER || allowance->growth_bytes != MANIFEST_NO_NUMBER ||
           allowance->growth_percent != MANIFEST_NO_NUMBER;
}

static int check_budget(const struct manifest *manifest, const struct manifest_budget *budget,
                        struct shared_error *err)
{
    if (!has_number(&budget->zip) && !has_number(&budget->unzipped))
        return manifest_fail(manifest, budget->json_path, NULL, err,
                             "has no number to hold; add \"zip_bytes\", \"unzipped_bytes\" or a growth");
    bool named = false;
    for (size_t i = 0; i < manifest->function_count; i++) {
        const struct manifest_function *function = &manifest->functions[i];
        bool wanted = !budget->function || fnmatch(budget->function, function->name, 0) == 0;
        if (wanted && manifest_is_program(function))
            return 0;
        named |= wanted;
    }
    if (named)
        return manifest_fail(manifest, budget->json_path, budget->function ? "function" : NULL, err,
                             "is for programs, and matches functions of files alone; remove it, or set "
                             "limits.overrides");
    return manifest_fail(manifest, budget->json_path, "function", err,
                         "no function has a name like \"%.*s\"; change it or remove it",
                         (int)text_fit(budget->function, SHOWN_COLUMNS), budget->function);
}

int manifest_check(const struct manifest *manifest, struct shared_arena *arena, struct shared_error *err)
{
    struct manifest_texts names;
    int status = library_names(manifest, arena, &names, err);
    if (status == 0)
        status = check_libraries(manifest, &names, arena, err);
    for (size_t i = 0; i < manifest->function_count && status == 0; i++) {
        const struct manifest_function *function = &manifest->functions[i];
        status = check_origin(manifest, function, err);
        if (status == 0)
            status = check_layers(manifest, function, err);
        if (status == 0)
            status = check_named(manifest, &function->libraries, function->json_path, "libraries", &names,
                                 arena, err);
    }
    for (size_t i = 0; i < manifest->budget_count && status == 0; i++)
        status = check_budget(manifest, &manifest->budgets[i], err);
    return status;
}
