/*
 * zip_write.h - a package as a zip whose bytes depend on its content alone.
 *
 * Entries in the package's order, DOS time 1980-01-01 00:00:00, made by "Unix", modes 0644, 0755 and 0777 for
 * symlinks, no extra fields (but zip64's where a size needs it), flag bit 11 only for names that are not
 * ASCII: APPNOTE 6.3.10. What is empty and symlinks are stored. The bytes of streams are the contents'.
 */
#ifndef PACKER_ZIP_WRITE_H
#define PACKER_ZIP_WRITE_H

#include "content/content.h"
#include "layer/lock_file.h"
#include "package/package.h"

#include <shared/error.h>

#include <stdbool.h>
#include <stdint.h>

struct zip_options {
    /*
     * Called now and then from the writing thread with the share done, 0 to 1, reading back included; returns
     * true to go on. After false zip_write fails with SHARED_EIO and sys_errno ECANCELED. NULL: none.
     */
    bool (*progress)(void *user, double share);
    void *user;
};

struct zip_written {
    const char *temporary; /* its name, until it is renamed */
    struct lock_zip zip;
};

/*
 * Writes the zip to a temporary name beside path (arena), with the streams of contents, which must have been deflated
 * (content_deflate); fsyncs it, reads it back and compares every entry's name, mode, sizes and CRC, and its stream byte
 * by byte. The caller renames it to path (zip_commit) or removes it (zip_abandon). On failure nothing is left. Memory is
 * bounded but for what each entry takes, at most four files are open at a time. Several threads may write at once, each
 * with an arena of its own.
 *
 * SHARED_EINVAL: no entries, or a file without its content. SHARED_EIO: a stream cannot be read; the zip cannot be written (disk full), or reads back
 * as something else.
 */
int zip_write(const struct package *package, const char *path, struct content_set *contents,
              const struct zip_options *options, struct shared_arena *arena, struct zip_written *written,
              struct shared_error *err);

/* Renames a zip into place; the folder is the caller's to fsync. Where it cannot, the temporary file stays. */
int zip_commit(const char *temporary, const char *path, struct shared_error *err);

/* Removes a zip that is not wanted. */
void zip_abandon(const char *temporary);

/*
 * Removes what killed runs left in a folder: the temporary names of zip_write. A folder that is not there has
 * none. Only the holder of the project's lock may call it.
 */
int zip_sweep(const char *folder, struct shared_error *err);

/* The same, but only what was to become that file, in a folder that is not the project's alone. */
int zip_sweep_file(const char *path, struct shared_arena *arena, struct shared_error *err);

#endif
