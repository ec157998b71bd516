/* manifest_value.h - a JSON tree read into structs by the tables of manifest_table.h. */
#ifndef PACKER_MANIFEST_VALUE_H
#define PACKER_MANIFEST_VALUE_H

#include "manifest/manifest_table.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <cjson/cJSON.h>

/* Reads root, made of manifest->text, into *manifest. What the text leaves out stays as it is. */
int manifest_value_read(struct manifest *manifest, const cJSON *root, struct shared_arena *arena,
                        struct shared_error *err);

/* The same for a document of another kind, by its own table, into base; the document's path and text are all that is
 * read of *document. */
int manifest_value_read_as(struct manifest *document, const cJSON *root, const struct key_table *table,
                           void *base, struct shared_arena *arena, struct shared_error *err);

#endif
