/*
 * layer_items.h - what of the packages may move into layers, as items for the planner, and the packages that a plan
 * makes.
 *
 * Where Lambda looks (Lambda developer guide, "Layers", "Layer paths for each Lambda runtime", and the Node.js runtime's
 * bootstrap, 2025): layers lie in /opt; LD_LIBRARY_PATH has /var/task, /var/task/lib and then /opt/lib; PATH ends in
 * /opt/bin and has no folder of the function's; NODE_PATH has /opt/nodejs/nodeN/node_modules,
 * /opt/nodejs/node_modules, /var/runtime/node_modules, /var/runtime and /var/task, all looked at after the node_modules
 * beside the file; sys.path has /var/task and then /opt/python.
 *
 * What may move, whatever the runtime:
 *   - shared objects in lib/ (by the name, "x.so" and "x.so.1", and by their ELF header), each with what its
 *     $ORIGIN leads to in lib/ and below, and with symlinks;
 *   - executables in bin/: who starts one finds it by PATH where it lies in a layer, and has to look into its own
 *     bin/ as well (no PATH of Lambda's has that). The copy in a function's zip is not found first;
 *   - what a pattern of "movable" matches: fnmatch(3) without FNM_PATHNAME, so that "share/" and a star is all below
 *     share/. Each file by itself: it is opened through shared/asset.h, which looks into /var/task first.
 * For nodejs*: package folders of node_modules/ (layer_node.c has what keeps one); for python*: what a distribution
 * installed at the top (layer_python.c). Nothing moves that a symlink of the rest leads to, nor
 * what is empty folders alone.
 *
 * What is not seen: paths made at run time, require() of what no package.json names (but for .prisma), and what pinned
 * layers have at the same places.
 */
#ifndef PACKER_LAYER_ITEMS_H
#define PACKER_LAYER_ITEMS_H

#include "layer/layer_plan.h"
#include "manifest/manifest.h"
#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>

enum layer_kind {
    LAYER_LIBRARY, /* lib/: shared objects, with the neighbours that their $ORIGIN leads to and symlinks to them */
    LAYER_EXECUTABLE, /* bin/ */
    LAYER_ASSET,      /* what "movable" names */
    LAYER_NODE,       /* node_modules/x or node_modules/@s/x, to nodejs/node_modules/ */
    LAYER_PYTHON      /* a package folder, or a module with its .dist-info, to python/ */
};

/* One item as a package carries it: entries of that package, by their places in it, ascending. */
struct layer_carried {
    size_t item; /* of layer_items.items */
    size_t *entries;
    size_t count;
};

/* What stays in a package and why: in the words of a sentence's end, "is reached by a fixed path". */
struct layer_stay {
    const char *place; /* of a file, or of a folder with a slash at its end where all below it stay alike */
    const char *why;
    uint64_t files, unzipped_bytes;
};

struct layer_holding {
    struct layer_carried *carried;
    size_t count;
    struct layer_stay *stays;
    size_t stay_count;
};

struct layer_items {
    struct layer_item *items; /* distinct over all functions; by place, then digest */
    enum layer_kind *kinds;   /* of each item */
    struct layer_set
        *needs; /* of each item: others that it finds in layers alone; who carries it carries them */
    size_t count;
    struct layer_holding *functions; /* of each */
};

/*
 * Looks through the packages, one for each function of the manifest; their contents must have been deflated
 * (SHARED_EINVAL: one has not been read). The arena holds the result, texts are the packages'. What of an item's files
 * cannot be read (package.json, RECORD, ELF) is as if it were not there, or keeps the item. SHARED_ENOMEM.
 *
 * An item's digest covers what it needs, so that whoever carries an item carries those too, and a change in one of them
 * is one in the item.
 */
int layer_items_find(const struct manifest *manifest, const struct package *packages,
                     struct shared_arena *arena, struct layer_items *items, struct shared_error *err);

/*
 * Sets barred of a problem that lock_to_plan has filled, where strangers are allowed: a function is given no stranger at a
 * place that its own zip keeps, nor above or below one. Else one place would have two contents, and which one is found
 * depends on who looks: PATH has /opt/bin but not /var/task/bin. SHARED_ENOMEM.
 */
int layer_items_bar(const struct package *packages, const struct layer_items *items,
                    struct layer_problem *problem, struct shared_arena *arena, struct shared_error *err);

/* Zip bytes of an entry of that content at that place: stream, local header 30, central header 46, the name twice. */
uint64_t layer_entry_bytes(const char *place, uint64_t stream_bytes);

/*
 * The packages of a plan: layers (in the order of the plan) with the entries of a function that carries each item,
 * and functions without what their layers have. SHARED_ENOMEM.
 */
int layer_packages_make(const struct manifest *manifest, const struct package *packages,
                        const struct layer_items *items, const struct layer_plan *plan,
                        struct shared_arena *arena, struct package *functions, struct package *layers,
                        struct shared_error *err);

#endif
