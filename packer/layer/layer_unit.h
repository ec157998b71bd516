/* layer_unit.h - the inner steps of layer_items_find: the units of one function, and why the rest stays. */
#ifndef PACKER_LAYER_UNIT_H
#define PACKER_LAYER_UNIT_H

#include "layer/layer_elf.h"
#include "layer/layer_index.h"
#include "layer/layer_items.h"

#include <stdbool.h>

/* Something that moves as one, or stays. Units that turn out to belong together are merged. */
struct layer_unit {
    const char *place; /* in the layer */
    enum layer_kind kind;
    bool shadowed;
    bool last_choice; /* its place is the merged unit's only where no other is there */
    const char *why;  /* it stays; NULL: it moves */
    size_t merged;    /* into this one; itself: into none */
    size_t *needs;    /* units without which it works in no layer */
    size_t need_count, need_capacity;
};

/* What files say, read once for each content. */
struct layer_known {
    struct shared_arena *arena;
    struct layer_index index; /* of contents */
    struct layer_known_file *files;
    size_t count, capacity;
};

struct layer_work {
    const struct manifest_function *function;
    const struct package *package;
    struct shared_arena *arena; /* of the result */
    struct layer_known *known;
    size_t *unit_of;  /* of each entry; LAYER_NONE: it stays for itself */
    const char **why; /* of each of those */
    struct layer_unit *units;
    size_t count, capacity;
    bool has_merged;
};

int layer_unit_no_memory(struct shared_error *err);

/* Adds a unit; *unit is its index. */
int layer_unit_add(struct layer_work *work, const char *place, enum layer_kind kind, size_t *unit,
                   struct shared_error *err);

/* The unit that a unit, or an entry's, is now part of; LAYER_NONE for an entry without one. */
size_t layer_unit_root(const struct layer_work *work, size_t unit);
size_t layer_unit_of(const struct layer_work *work, size_t entry);

void layer_unit_merge(struct layer_work *work, size_t a, size_t b);

/* One unit is of no use in a layer without another. */
int layer_unit_need(struct layer_work *work, size_t unit, size_t needed, struct shared_error *err);

/* Keeps a unit in the function's zip; the first reason is the one that is told. */
void layer_unit_stay(struct layer_work *work, size_t unit, const char *why);
int layer_unit_stay_for(struct layer_work *work, size_t unit, struct shared_error *err, const char *format,
                        ...) __attribute__((format(printf, 4, 5)));

/* The first entry whose place is not before a text, byte by byte; those below "x/" end at "x0". */
size_t layer_unit_entry(const struct layer_work *work, const char *place);
/* The entry at a place, or, where there is a folder, the first below it; package->count: neither. */
size_t layer_unit_find(const struct layer_work *work, const char *place);
/* Whether an entry lies below a folder, "lib/". */
bool layer_unit_below(const struct layer_work *work, size_t entry, const char *folder);

/* The rules, in this order; each takes entries that no earlier one has. */
int layer_node_mark(struct layer_work *work, struct shared_error *err);
int layer_python_mark(struct layer_work *work, struct shared_error *err);
int layer_libraries_mark(struct layer_work *work, struct shared_error *err);
int layer_assets_mark(struct layer_work *work, struct shared_error *err);

/* What the manifest keeps in the function's zip. */
void layer_fixed_mark(struct layer_work *work);

/* What leads from one unit to another: symlinks, and $ORIGIN of shared objects in packages. */
int layer_links_mark(struct layer_work *work, struct shared_error *err);
int layer_origins_mark(struct layer_work *work, struct shared_error *err);

/* A unit stays where one does that it needs. */
int layer_needs_mark(struct layer_work *work, struct shared_error *err);

/* Empty folders stay where nothing else moves with them; what needs them goes without. */
int layer_empty_mark(struct layer_work *work, struct shared_error *err);

/* Gives units of all functions that share a part one place. */
int layer_units_join(struct layer_work *works, size_t count, struct shared_arena *arena,
                     struct shared_error *err);

/* Whether a pattern of "movable" matches a place. */
bool layer_is_movable(const struct layer_work *work, const char *place);

/* Whether the name of a file is that of a shared object: "x.so", "x.so.1.2", "x.node". */
bool layer_is_object_name(const char *place);

/* Rows of what stays, folders where all below stay alike. */
int layer_stays_make(const struct layer_work *work, struct layer_holding *holding, struct shared_error *err);

/* package.json, as far as it matters here. */
struct layer_node_file {
    bool readable;
    bool is_module;   /* "type": "module" */
    bool import_only; /* CommonJS cannot require it */
    struct manifest_texts needs;
};

int layer_known_elf(struct layer_known *known, const struct package_entry *entry,
                    const struct layer_elf **elf, struct shared_error *err);
int layer_known_node(struct layer_known *known, const struct package_entry *entry,
                     const struct layer_node_file **file, struct shared_error *err);
/* Whether a script has an import of ES modules: import or export … from, as a statement, or import(…). */
int layer_known_import(struct layer_known *known, const struct package_entry *entry, bool *imports,
                       struct shared_error *err);

#endif
