/* compile.h - the steps that make objects of the functions' sources, each object once. */
#ifndef PACKER_COMPILE_H
#define PACKER_COMPILE_H

#include "link/step.h"
#include "link/toolchain.h"
#include "manifest/manifest.h"

/* What one call of link_functions works on. */
struct link_work {
    const struct manifest *manifest;
    const struct toolchain *toolchain;
    const char *state; /* absolute */
    struct shared_arena *arena;
};

/* Steps that are put together. */
struct compile_plan {
    struct step *steps; /* objects of equal command are there once */
    size_t count;
};

/*
 * Adds the steps for a function's sources and gives the objects that result, one a source, in order;
 * libraries are those it may include from. The plan has room for all sources of the manifest.
 */
int compile_plan_add(const struct link_work *work, const struct manifest_function *function,
                     const struct manifest_library *const *libraries, size_t library_count,
                     struct compile_plan *plan, const char ***objects, struct shared_error *err);

#endif
