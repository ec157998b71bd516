/* zip_package_digest.h - what a package holds as one hash, whatever the bytes of its zip. */
#ifndef PACKER_ZIP_PACKAGE_DIGEST_H
#define PACKER_ZIP_PACKAGE_DIGEST_H

#include "base/hash.h"
#include "package/package.h"

#include <shared/error.h>

/*
 * XXH3-128 over the entries in their order, which is that of their places: place, kind, symlink target, size and hash
 * of content. Each file must have its content (content_read). SHARED_ENOMEM.
 */
int zip_package_digest(const struct package *package, struct hash *digest, struct shared_error *err);

#endif
