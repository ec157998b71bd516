/* layer_made.h - packages for the tests of packer/layer, from files of the scratch folder. */
#ifndef TESTS_LAYER_MADE_H
#define TESTS_LAYER_MADE_H

#include "check.h"
#include "scratch.h"

#include "content/content.h"
#include "layer/layer_items.h"
#include "manifest/manifest.h"

#include <stdlib.h>

#define MADE_FUNCTIONS 8

/* A project of the scratch folder: a function of each folder, with all that the folder holds. */
struct made {
    struct shared_arena *arena;
    struct manifest manifest;
    struct package packages[MADE_FUNCTIONS];
    struct layer_items items;
};

/* Writes a file and the folders above it. */
static inline void made_file(const char *path, const char *text)
{
    char folder[512];
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
        scratch_folder(folder);
    }
    scratch_file(path, text);
}

static inline void made_need(bool holds, const char *what, const struct shared_error *err)
{
    if (holds)
        return;
    fprintf(stderr, "cannot set up: %s: %s\n", what, err->text);
    exit(2);
}

/* Contents as the content stage would give them, of files that deflate to half their size. */
static inline void made_contents(struct made *made, struct package *package)
{
    struct shared_error err = {0};
    for (size_t i = 0; i < package->count; i++) {
        struct package_entry *entry = &package->entries[i];
        if (entry->kind != PACKAGE_FILE && entry->kind != PACKAGE_EXECUTABLE)
            continue;
        struct content *content = shared_arena_alloc(made->arena, sizeof(*content));
        *content = (struct content){.size_bytes = entry->size_bytes,
                                    .source = entry->source,
                                    .method = CONTENT_DEFLATED,
                                    .deflated_bytes = entry->size_bytes / 2};
        made_need(hash_file(entry->source, &content->hash, &err) == 0, entry->source, &err);
        entry->content = content;
    }
}

/* Functions is the manifest's, as JSON, with assets {".": "FOLDER"} to taste. */
static inline void made_find(struct made *made, struct shared_arena *arena, const char *functions)
{
    struct shared_error err = {0};
    const char *text = shared_arena_format(arena, "{\"name\": \"test\", \"functions\": {%s}}", functions);
    *made = (struct made){.arena = arena};
    made_need(manifest_parse("demine.json", text, strlen(text), arena, &made->manifest, &err) == 0,
              "manifest", &err);
    made_need(made->manifest.function_count <= MADE_FUNCTIONS, "too many functions", &err);
    for (size_t i = 0; i < made->manifest.function_count; i++) {
        const struct manifest_function *function = &made->manifest.functions[i];
        made_need(package_collect(&made->manifest, function, NULL, arena, &made->packages[i], &err) == 0,
                  function->name, &err);
        made_contents(made, &made->packages[i]);
    }
    made_need(layer_items_find(&made->manifest, made->packages, arena, &made->items, &err) == 0, "items",
              &err);
}

/* Places of what a function may move, in a line, each with an index among items of the same place: "lib/a.so#0". */
static inline const char *made_moves(const struct made *made, size_t function)
{
    const struct layer_holding *holding = &made->items.functions[function];
    const char *all = "";
    for (size_t i = 0; i < holding->count; i++) {
        size_t item = holding->carried[i].item, first = item;
        while (first > 0 && strcmp(made->items.items[first - 1].place, made->items.items[item].place) == 0)
            first--;
        all = shared_arena_format(made->arena, "%s%s%s#%zu", all, *all ? " " : "",
                                  made->items.items[item].place, item - first);
    }
    return all;
}

/* Why a row of what stays does; NULL: there is none of that place. */
static inline const char *made_why(const struct made *made, size_t function, const char *place)
{
    const struct layer_holding *holding = &made->items.functions[function];
    for (size_t i = 0; i < holding->stay_count; i++)
        if (strcmp(holding->stays[i].place, place) == 0)
            return holding->stays[i].why;
    return NULL;
}

/* Places of the rows of what stays, in a line. */
static inline const char *made_stays(const struct made *made, size_t function)
{
    const struct layer_holding *holding = &made->items.functions[function];
    const char *all = "";
    for (size_t i = 0; i < holding->stay_count; i++)
        all = shared_arena_format(made->arena, "%s%s%s", all, *all ? " " : "", holding->stays[i].place);
    return all;
}

static inline const char *made_places(const struct made *made, const struct package *package)
{
    const char *all = "";
    for (size_t i = 0; i < package->count; i++)
        all = shared_arena_format(made->arena, "%s%s%s", all, *all ? " " : "", package->entries[i].place);
    return all;
}

#endif
