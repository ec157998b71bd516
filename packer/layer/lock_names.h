/* lock_names.h - whether the layers of a lock are what their names say: a lock is a text that people edit and merge. */
#ifndef PACKER_LOCK_NAMES_H
#define PACKER_LOCK_NAMES_H

#include "layer/lock_file.h"

/*
 * A layer's name ends in 16 to 32 digits of the hash of its items (layer_name.h), and is published under it for as long
 * as it stays in the plan. SHARED_EPROTO, with what to do: one has other items than its name stands for. SHARED_ENOMEM.
 */
int lock_names_check(const struct lock_file *lock, const char *path, struct shared_error *err);

/*
 * The same lock without such layers, for who plans afresh; arrays of the one are shared by the other, and kept may be
 * lock. SHARED_ENOMEM.
 */
int lock_names_keep(const struct lock_file *lock, struct shared_arena *arena, struct lock_file *kept,
                    struct shared_error *err);

#endif
