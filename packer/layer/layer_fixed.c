#include "layer/layer_unit.h"

#include <fnmatch.h>
#include <string.h>

/* Patterns of folders hold for all below them. */
static bool is_fixed(const struct layer_work *work, const char *place)
{
    const struct manifest_texts *patterns = &work->function->fixed;
    for (size_t i = 0; i < patterns->count; i++)
        if (fnmatch(patterns->items[i], place, FNM_LEADING_DIR) == 0)
            return true;
    return false;
}

void layer_fixed_mark(struct layer_work *work)
{
    for (size_t i = 0; work->function->fixed.count > 0 && i < work->package->count; i++) {
        size_t unit = layer_unit_of(work, i);
        if (unit != LAYER_NONE && is_fixed(work, work->package->entries[i].place))
            layer_unit_stay(work, unit, "is fixed: the manifest says so");
    }
}

int layer_empty_mark(struct layer_work *work, struct shared_error *err)
{
    bool *filled = shared_arena_alloc(work->known->arena, work->count + 1);
    if (!filled)
        return layer_unit_no_memory(err);
    memset(filled, 0, work->count + 1);
    for (size_t i = 0; i < work->package->count; i++) {
        size_t unit = layer_unit_of(work, i);
        if (unit != LAYER_NONE)
            filled[unit] |= work->package->entries[i].kind != PACKAGE_FOLDER;
    }
    for (size_t unit = 0; unit < work->count; unit++)
        if (!filled[layer_unit_root(work, unit)])
            layer_unit_stay(work, unit, "is an empty folder");
    return 0;
}
