/* layers_rows.h - what the tables of a plan of layers are made of. */
#ifndef PACKER_LAYERS_ROWS_H
#define PACKER_LAYERS_ROWS_H

#include "report/layers_loss.h"
#include "report/report_layers.h"

struct layers_row {
    uint64_t alone_bytes;    /* of a function's zip, were there no layers */
    uint64_t zip_bytes;      /* as planned */
    uint64_t unzipped_bytes; /* of it and its layers, those of the manifest included */
    uint64_t slots_left;
};

struct layers_row layers_row_of(const struct report_layers *report, size_t function);

/* An item and a layer that has it. */
struct layers_held {
    const struct layer_item *item;
    size_t layer;
};

/* All, the largest first; NULL: memory is exhausted. */
struct layers_held *layers_held_sort(const struct report_layers *report, struct shared_arena *arena,
                                     size_t *count);

/* A reason why something stays, over all functions. */
struct layers_stay {
    const char *why, *place; /* of the largest thing */
    bool several;            /* there are others at other places */
    uint64_t files, unzipped_bytes;
};

/* All, the most bytes first; NULL: memory is exhausted. */
struct layers_stay *layers_stays_sort(const struct report_layers *report, struct shared_arena *arena,
                                      size_t *count);

/* The cause of the place'th largest loss; of those alike, in their order. */
enum layers_cause layers_cause_by_size(const struct layers_loss *loss, size_t place);

struct layers_publish {
    uint64_t layers, layer_bytes, functions, function_bytes;
};

/* What the ledger does not have; where that is not known, layers that are new and all functions. */
struct layers_publish layers_publish_of(const struct report_layers *report);

#endif
