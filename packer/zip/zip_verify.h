/*
 * zip_verify.h - a zip that came from anywhere, read to its last byte and unpacked in memory.
 *
 * Beside what zip_directory.h and zip_scan.h refuse: two entries of one name or below a file, names that differ only in
 * case, symlinks that lead out, contents that are not as long as the directory says or have another CRC, streams that end
 * early or go on after their end. Memory is bounded by the directory's size, time by that of what is unpacked, which
 * ends where an entry is longer than it said.
 */
#ifndef PACKER_ZIP_VERIFY_H
#define PACKER_ZIP_VERIFY_H

#include "layer/lock_file.h"
#include "package/package.h"
#include "zip/zip_directory.h"

struct zip_verified {
    struct lock_zip zip;
    struct package package; /* as it would be packed: folders that are not empty are left out */
};

/* Everything lives in the arena. SHARED_EPROTO: it is damaged: the message says how, not which
 * zip; SHARED_EIO, SHARED_ENOMEM, SHARED_ETOOBIG. */
int zip_verify(const char *path, struct shared_arena *arena, struct zip_verified *verified,
               struct shared_error *err);

/* The same of a file that is open. */
int zip_verify_file(const struct zip_file *file, struct shared_arena *arena, struct zip_verified *verified,
                    struct shared_error *err);

#endif
