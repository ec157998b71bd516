/* zip_verdict.h - how a zip stands to what the lock says of it. */
#ifndef PACKER_ZIP_VERDICT_H
#define PACKER_ZIP_VERDICT_H

#include "zip/zip_verify.h"

enum zip_verdict {
    ZIP_IDENTICAL,
    ZIP_SAME_CONTENTS, /* in other bytes */
    ZIP_DIFFERS,
    ZIP_UNKNOWN /* the lock has no function or layer of that name */
};

/*
 * Holds what is in a zip against the function or layer that the lock has by that name. *why says more, in the words of a
 * sentence's end; NULL where there is nothing to say. lock_path is for that. SHARED_ENOMEM.
 */
int zip_verdict_find(const struct zip_verified *verified, const char *name, const struct lock_file *lock,
                     const char *lock_path, struct shared_arena *arena, enum zip_verdict *verdict,
                     const char **why, struct shared_error *err);

#endif
