#include "layer/layer_unit.h"

#include <fnmatch.h>

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
