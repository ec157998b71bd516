/* manifest_check.h - what holds between the values of a manifest, once each is read. */
#ifndef PACKER_MANIFEST_CHECK_H
#define PACKER_MANIFEST_CHECK_H

#include "manifest/manifest.h"

/* Every library named is there, none needs itself, every function has something to be made of. */
int manifest_check(const struct manifest *manifest, struct shared_arena *arena, struct shared_error *err);

#endif
