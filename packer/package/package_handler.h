/* package_handler.h - whether the file is there that a function's runtime loads as its handler. */
#ifndef PACKER_PACKAGE_HANDLER_H
#define PACKER_PACKAGE_HANDLER_H

#include "manifest/manifest.h"
#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

/*
 * Looks for the handler of a function of files among what package_collect listed, for runtimes of Node.js and Python, of
 * whose loaders it is known where they look; of others nothing is said. Returns 0 where it is there; SHARED_ENOTFOUND
 * where it is not, but a layer made elsewhere may have it; SHARED_EINVAL where the function cannot work, both in the words
 * of manifest_fail; SHARED_ENOMEM.
 */
int package_handler_check(const struct manifest *manifest, const struct manifest_function *function,
                          const struct package *package, struct shared_arena *scratch,
                          struct shared_error *err);

#endif
