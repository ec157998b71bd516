/*
 * zip_record.h - whether a zip that is there is still what its package would give, without it being read.
 *
 * A record holds what a zip was made of, what it came to, and the size, times and inode that it then had. A zip as old
 * as its record may have been written to in the same tick of the clock: it is hashed, as git does with racy files.
 * Records are of one machine; a damaged one is none.
 */
#ifndef PACKER_ZIP_RECORD_H
#define PACKER_ZIP_RECORD_H

#include "layer/lock_file.h"
#include "manifest/manifest.h"

#include <shared/error.h>

#include <stdbool.h>
#include <stdint.h>

/* The hash of all that a zip's bytes depend on: what its package holds, the codec, the version of libzip. */
struct hash zip_record_input(const struct hash *content, enum manifest_level level);

/*
 * Whether the zip at path was made of that input and has not been touched since; fills *zip. One that was touched or may
 * have been is hashed, and its record renewed where it is the same.
 */
bool zip_record_is_current(const char *record, const struct hash *input, const char *path,
                           struct lock_zip *zip);

/* Waits until what is written to these zips from now on gets another time than they have: a few milliseconds. */
void zip_record_wait(const char *path);

/* Writes the record of a zip that lies at path. SHARED_EIO. */
int zip_record_write(const char *record, const struct hash *input, const char *path,
                     const struct lock_zip *zip, struct shared_error *err);

#endif
