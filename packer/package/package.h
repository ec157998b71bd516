/* package.h - what goes into a zip: a sorted list of entries, checked before anything is compressed. */
#ifndef PACKER_PACKAGE_H
#define PACKER_PACKAGE_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

enum package_kind { PACKAGE_FILE, PACKAGE_EXECUTABLE, PACKAGE_SYMLINK, PACKAGE_FOLDER };

struct content;
struct package_own;
struct stat;

/* By what a file is known to be the same as it was. All zero: it was not looked at. */
struct package_print {
    uint64_t inode, device;
    int64_t modified_ns, changed_ns; /* mtime and ctime, since 1970 */
};

struct package_entry {
    const char *place; /* in the package, "share/titles.json"; a folder's (only empty ones) ends in a slash */
    const char *source; /* where it was found; of a file: a path that can be opened from the current folder */
    const char *target; /* of a symlink, as it is; else NULL */
    enum package_kind kind;
    uint64_t size_bytes; /* of the content when it was listed; symlink: length of the target; folder: 0 */
    struct package_print print;    /* of a file, when it was listed */
    const struct content *content; /* of a file, once content_read has seen it; else NULL */
};

struct package {
    struct package_entry *entries; /* sorted by place, byte by byte */
    size_t count;
    uint64_t unzipped_bytes; /* sum of size_bytes */
};

struct package_print package_print_of(const struct stat *st);

/*
 * Lists a function's assets. An asset that is a symlink is what that leads to. Folders are walked without following
 * symlinks; several may go to one place, so long as no two of their files meet. Where an asset's place is that of a
 * symlink in another one's folder, it is put there instead. A file is executable where its owner may execute it. What
 * is demine's own (package_own.h; NULL: nothing) is left out of folders.
 *
 * Refused with SHARED_EINVAL and both names: a place that is not safe, two assets for one place, places or
 * folders of them that differ only in case (of ASCII letters), a place below another one's file or symlink,
 * "bootstrap" (of a program: it is the function), a socket, device or FIFO, a symlink that leads out of the package, by
 * itself or through others, or round in a circle; with SHARED_EIO what is not there or cannot be read. Messages
 * begin with the manifest's line and the asset's place in it.
 */
int package_collect(const struct manifest *manifest, const struct manifest_function *function,
                    const struct package_own *own, struct shared_arena *arena, struct package *package,
                    struct shared_error *err);

/* Those of all functions, on so many threads (base/pool.h): an arena and a package for each. */
int package_collect_all(const struct manifest *manifest, const struct package_own *own, unsigned threads,
                        struct shared_arena *arenas, struct package *packages, struct shared_error *err);

/* The symlinks to what a package does not hold (arena). SHARED_ENOMEM. */
int package_dangling(const struct package *package, struct shared_arena *arena,
                     const struct package_entry ***links, size_t *count, struct shared_error *err);

/* Adds the linked program as "bootstrap", keeping the order. */
int package_add_bootstrap(struct package *package, const char *source, struct shared_arena *arena,
                          struct shared_error *err);

#endif
