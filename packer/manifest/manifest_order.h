/* manifest_order.h - libraries in link order. */
#ifndef PACKER_MANIFEST_ORDER_H
#define PACKER_MANIFEST_ORDER_H

#include "manifest/manifest.h"

/*
 * The libraries of some names with all that they need, each before what it needs. Fails with SHARED_EINVAL at
 * the need that closes a cycle; with SHARED_ENOTFOUND where a name is no library's, which manifest_check
 * rules out.
 */
int manifest_order(const struct manifest *manifest, const struct manifest_texts *names,
                   struct shared_arena *arena, const struct manifest_library ***order, size_t *count,
                   struct shared_error *err);

#endif
