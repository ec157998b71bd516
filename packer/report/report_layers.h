/* report_layers.h - a plan of layers, what it saves, and what keeps it from the least there could be: as text, or as
 * JSON. */
#ifndef PACKER_REPORT_LAYERS_H
#define PACKER_REPORT_LAYERS_H

#include "layer/layer_items.h"
#include "layer/layer_plan.h"
#include "limit/limit_ledger.h"
#include "manifest/manifest.h"
#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Functions are in the manifest's order everywhere. */
struct report_layers {
    const struct manifest *manifest;
    const struct package *packages;      /* of each function, as if there were no layers; read and deflated */
    const struct layer_items *items;     /* of the packages */
    const struct layer_problem *problem; /* its first items are those of items */
    const struct layer_plan *plan;
    const struct limit_zip
        *published; /* of each function, then each layer: whether a publish adds it; NULL: not known */
    size_t top;     /* items and reasons that are shown; 0: all */
    bool colour;
};

int report_layers_text(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                       struct shared_error *err);

/*
 * All of it; keys come in a fixed order, sizes are in bytes:
 * {"format":1,"project":…,"stored_bytes":…,"unshared_bytes":…,"bound_bytes":…,"fresh_bytes":…,"replanned":false,
 *  "publish":{"layers":…,"layer_bytes":…,"functions":…,"function_bytes":…},
 *  "layers":[{"name":…,"kept":true,"zip_bytes":…,"unzipped_bytes":…,"users":…,
 *             "items":[{"place":…,"digest":…,"kind":…,"zip_bytes":…,"unzipped_bytes":…,"changes":…,"users":…}]}],
 *  "functions":[{"name":…,"alone_bytes":…,"zip_bytes":…,"unzipped_bytes":…,"slots_left":…,"layers":[…]}],
 *  "losses":[{"cause":"slots","zip_bytes":…}],
 *  "stays":[{"function":…,"place":…,"why":…,"files":…,"unzipped_bytes":…}]}
 * Losses add up to stored_bytes less bound_bytes, which is every distinct file once.
 */
int report_layers_json(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                       struct shared_error *err);

#endif
