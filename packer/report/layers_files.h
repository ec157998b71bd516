/* layers_files.h - which files of packages are the same, whatever items they are of. */
#ifndef PACKER_LAYERS_FILES_H
#define PACKER_LAYERS_FILES_H

#include "report/report_layers.h"

/* Zip bytes of copies that no plan takes away. */
struct layers_files {
    uint64_t fixed_bytes;  /* of files that cannot move */
    uint64_t inside_bytes; /* of files that several items have, or an item and what cannot move */
};

/* False where memory is exhausted. */
bool layers_files_count(const struct report_layers *report, struct shared_arena *arena,
                        struct layers_files *files);

#endif
