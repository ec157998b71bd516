/* package.h - what goes into a zip: a sorted list of entries, checked before anything is compressed. */
#ifndef PACKER_PACKAGE_H
#define PACKER_PACKAGE_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

enum package_kind { PACKAGE_FILE, PACKAGE_EXECUTABLE, PACKAGE_SYMLINK, PACKAGE_FOLDER };

struct package_entry {
    const char *place;  /* in the package, "share/titles.json"; a folder's (only empty ones) ends in a slash */
    const char *source; /* path that can be opened from the current folder; symlink: NULL */
    const char *target; /* of a symlink, as it is; else NULL */
    enum package_kind kind;
    uint64_t size_bytes; /* of the content when it was listed; symlink: length of the target */
};

struct package {
    struct package_entry *entries; /* sorted by place, byte by byte */
    size_t count;
    uint64_t unzipped_bytes; /* sum of size_bytes */
};

/*
 * Lists a function's assets. Folders are walked; a file is executable where its owner may execute it. Refused with
 * SHARED_EINVAL and both names: a place that is not safe, two assets for one place, places that differ only in case, a
 * place below another one's file, "bootstrap" (it is the function), a socket, device or FIFO, a symlink that
 * leads out of the package; with SHARED_EIO what cannot be read.
 */
int package_collect(const struct manifest *manifest, const struct manifest_function *function,
                    struct shared_arena *arena, struct package *package, struct shared_error *err);

/* Adds the linked program as "bootstrap", keeping the order. */
int package_add_bootstrap(struct package *package, const char *source, struct shared_arena *arena,
                          struct shared_error *err);

#endif
