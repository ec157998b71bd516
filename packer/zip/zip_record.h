/* zip_record.h - whether a zip that is there is still what its package would give. */
#ifndef PACKER_ZIP_RECORD_H
#define PACKER_ZIP_RECORD_H

#include "base/hash.h"
#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stdint.h>

/* The hash of all that a zip's bytes depend on: entries with their contents, level, versions of libzip,
 * libdeflate and zlib. */
int zip_input_hash(const struct package *package, int level, struct hash *hash, struct shared_error *err);

/* Whether the zip at path was made of that input and has not been touched since; gives its size. */
bool zip_is_current(const char *record, const struct hash *input, const char *path, uint64_t *zip_bytes);

/* Writes the record of a zip that lies at path. */
int zip_record_write(const char *record, const struct hash *input, const char *path,
                     struct shared_error *err);

#endif
