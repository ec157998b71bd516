#include "project_files.h"

#include "base/cleanup.h"
#include "manifest/manifest_runtime.h"
#include "package/package_handler.h"

#include <stdio.h>

static void warn(bool quiet, const struct shared_error *what)
{
    if (!quiet)
        fprintf(stderr, "demine: warning: %s\n", what->text);
}

int project_check_files(const struct manifest *manifest, const struct manifest_function *function,
                        const struct package *package, bool quiet, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_error doubt = {0};
    if (manifest_is_program(function))
        return 0;
    if (!manifest_runtime_is_known(function->runtime)) {
        manifest_runtime_doubt(manifest, function, &doubt);
        warn(quiet, &doubt);
    }
    int status = package_handler_check(manifest, function, package, &scratch, &doubt);
    if (status == SHARED_ENOTFOUND) {
        warn(quiet, &doubt);
        return 0;
    }
    if (status < 0 && err)
        *err = doubt;
    return status;
}
