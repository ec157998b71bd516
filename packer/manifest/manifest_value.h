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

#endif
