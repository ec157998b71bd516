/* manifest_runtime.h - the runtimes that Lambda has for functions of files, or once had. */
#ifndef PACKER_MANIFEST_RUNTIME_H
#define PACKER_MANIFEST_RUNTIME_H

#include "manifest/manifest.h"

/* When the list was taken: a runtime that it does not have may be newer. */
#define MANIFEST_RUNTIMES_DATE "2026-11-23"

/* Their names, ended by NULL. */
extern const char *const manifest_runtimes[];

bool manifest_runtime_is_known(const char *runtime);

/* What is to be said of a function whose runtime is not in the list, in the words of the reader's failures, with the
 * nearest name: "demine.json:12: functions.f.runtime: …". */
void manifest_runtime_doubt(const struct manifest *manifest, const struct manifest_function *function,
                            struct shared_error *doubt);

#endif
