/*
 * package_own.h - what demine itself writes below a folder that is taken whole: left out, or each pack would hold the one
 * before.
 *
 * Known by device and inode, whatever path leads there; a file by its folder and name, as it is replaced by others.
 */
#ifndef PACKER_PACKAGE_OWN_H
#define PACKER_PACKAGE_OWN_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct package_own_item;

/* All zero: nothing. */
struct package_own {
    struct package_own_item *items;
    size_t count, capacity;
};

/* A folder, with all that is in it, and symlinks to it; what is not there, or no folder, adds nothing. As an asset it is
 * refused with "PATH is REFUSAL". */
int package_own_folder(struct package_own *own, const char *path, const char *refusal,
                       struct shared_arena *arena, struct shared_error *err);

/*
 * The folder that zips are written to. It may be one that other tools build into: left out are files NAME.zip and
 * NAME.debug in it and in its folder layers, and the folder itself where nothing else is in it. As assets, zips of the
 * manifest's functions and of layers are refused.
 */
int package_own_zips(struct package_own *own, const char *path, struct shared_arena *arena,
                     struct shared_error *err);

/* A file, there or not, and where it is a symlink what that leads to. As an asset it is refused, or with refusal NULL
 * taken. */
int package_own_file(struct package_own *own, const char *path, const char *refusal,
                     struct shared_arena *arena, struct shared_error *err);

/* Where a child was found: a folder that is open, and what it is. */
struct package_own_in {
    int fd;
    dev_t device;
    ino_t inode;
};

/* Whether a child is left out; st is as lstat(2) says. Any thread. own NULL: nothing is. */
bool package_own_leaves_out(const struct package_own *own, const struct package_own_in *folder,
                            const char *name, const struct stat *st);

/* Whether a name is that of a file which is being written: such may be gone at any time. */
bool package_own_is_temporary(const char *name);

/* Whether a folder is one of zips, of which no package tells when nothing else is in it. */
bool package_own_is_output(const struct package_own *own, dev_t device, ino_t inode);

/* Refuses what a manifest names as an asset; st is as stat(2) says. */
int package_own_check(const struct package_own *own, const struct manifest *manifest, const char *source,
                      const char *place, const struct stat *st, struct shared_arena *arena,
                      struct shared_error *err);

#endif
