/* project_own.h - what demine itself writes into a project, which packages of whole folders leave out. */
#ifndef PACKER_PROJECT_OWN_H
#define PACKER_PROJECT_OWN_H

#include "manifest/manifest.h"
#include "package/package_own.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>

struct project_own_paths {
    const struct manifest *manifest;
    const char *state;
    const char *output; /* folder of the zips; NULL: those of earlier packs, else dist beside the manifest */
    const char *cache;  /* as --cache says; NULL: the environment */
    bool
        keeps_output; /* output is noted in the state folder, which is locked, for those that are not told of it */
};

/*
 * Those that are there: the folders of state, cache and zips, .demine beside the manifest, and the files lock, manifest
 * and snapshot. Of zips those of this run, and of the last eight that lay elsewhere. All subcommands say the same of a
 * project. Fails with SHARED_ENOMEM, SHARED_EIO.
 */
int project_own(const struct project_own_paths *paths, struct shared_arena *arena, struct package_own *own,
                struct shared_error *err);

/* An option, else $DEMINE_CACHE, as content_options has it: "": none; NULL: where caches are. */
const char *project_cache(const char *option);

#endif
