/* project_files.h - whether functions of files can work, as far as can be told without their runtimes. */
#ifndef PACKER_PROJECT_FILES_H
#define PACKER_PROJECT_FILES_H

#include "package/package.h"

/*
 * Warns on standard error of a runtime that Lambda is not known to have, and of a handler that only a layer made elsewhere
 * may have; quiet: it was said already. Fails as package_handler_check where the handler is nowhere. A program is fine.
 */
int project_check_files(const struct manifest *manifest, const struct manifest_function *function,
                        const struct package *package, bool quiet, struct shared_error *err);

#endif
