#include "layer/layer_unit.h"

#include <fnmatch.h>
#include <string.h>

#define EXECUTABLES "bin/"

bool layer_is_movable(const struct layer_work *work, const char *place)
{
    char bare[4097];
    size_t size = strlen(place);
    if (size >= sizeof(bare))
        return false;
    memcpy(bare, place, size + 1);
    if (size > 0 && bare[size - 1] == '/')
        bare[size - 1] = '\0';
    /* Without FNM_PATHNAME "share/" and a star is all below share/. */
    for (size_t i = 0; i < work->function->movable.count; i++)
        if (fnmatch(work->function->movable.items[i], bare, 0) == 0)
            return true;
    return false;
}

static bool is_executable(const struct package_entry *entry)
{
    return entry->kind == PACKAGE_EXECUTABLE &&
           strncmp(entry->place, EXECUTABLES, strlen(EXECUTABLES)) == 0 &&
           !strchr(entry->place + strlen(EXECUTABLES), '/');
}

/* Symlinks in bin/ go with what they lead to, where that is in bin/ too (layer_links.c). */
static bool is_name_of_executable(const struct package_entry *entry)
{
    return entry->kind == PACKAGE_SYMLINK && strncmp(entry->place, EXECUTABLES, strlen(EXECUTABLES)) == 0 &&
           !strchr(entry->place + strlen(EXECUTABLES), '/') && !strchr(entry->target, '/');
}

/* node looks for packages in node_modules itself: what is no package there is reached from those. */
static bool is_of_node(const struct layer_work *work, const char *place)
{
    return work->function->runtime && strncmp(work->function->runtime, "nodejs", 6) == 0 &&
           strstr(place, "node_modules/");
}

int layer_assets_mark(struct layer_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->package->count; i++) {
        const struct package_entry *entry = &work->package->entries[i];
        if (work->unit_of[i] != LAYER_NONE || work->why[i] || is_of_node(work, entry->place))
            continue;
        if (is_executable(entry) || is_name_of_executable(entry)) {
            status = layer_unit_add(work, entry->place, LAYER_EXECUTABLE, &work->unit_of[i], err);
            /* PATH has /opt/bin, and no folder of /var/task. */
            if (status == 0)
                work->units[work->unit_of[i]].shadowed = false;
        } else if (layer_is_movable(work, entry->place)) {
            status = layer_unit_add(work, entry->place, LAYER_ASSET, &work->unit_of[i], err);
        }
    }
    return status;
}
