/* toolchain.h - the programs that compile, link and strip, found once. */
#ifndef PACKER_TOOLCHAIN_H
#define PACKER_TOOLCHAIN_H

#include "manifest/manifest.h"

#include "link/hash_cache.h"

#include <shared/arena.h>
#include <shared/error.h>

/* Where the compiler has an archive; path NULL: it knows none of that name. */
struct toolchain_archive {
    struct toolchain_archive *next;
    const char *name, *path;
};

struct toolchain {
    const char *folder;   /* absolute: the manifest's, where all commands run */
    const char *compiler; /* as in the manifest, a path made absolute */
    const char *strip;
    const char *linker_flag; /* "-fuse-ld=bfd" */
    const char *key;         /* hashes of compiler, its version, linker, strip and assembler, and what of the
                        environment they read */
    struct toolchain_archive **archives; /* what was asked for so far */
};

/* Finds the manifest's tools. SHARED_ENOTFOUND names one that is not there and what to install. */
int toolchain_find(const struct manifest *manifest, struct hash_cache *cache, struct toolchain *toolchain,
                   struct shared_error *err);

/*
 * Where a library's archive lies: absolute, or as the compiler finds it where the name has no slash and no
 * such file lies beside the manifest ("libz.a"). SHARED_ENOTFOUND says where was looked.
 */
int toolchain_find_archive(const struct toolchain *toolchain, const struct manifest_library *library,
                           const char *name, struct shared_arena *arena, const char **path,
                           struct shared_error *err);

#endif
