/*
 * live_build.h - a function of a manifest, linked in any of several ways in the current folder.
 *
 * As packer/link does it, but with the linker's words on what it drops, and its command beside it.
 */
#ifndef TESTS_LIVE_BUILD_H
#define TESTS_LIVE_BUILD_H

#include "image/image.h"
#include "oracle.h"

/* A library that the test has: in place of what the manifest says. */
struct live_library {
    const char *name, *archive, *include;
};

struct live_build {
    const struct manifest *manifest;
    const struct manifest_function *function;
    const struct live_library *libraries;
    size_t library_count;
    struct shared_arena *arena;
};

/* One way to link: "gcc", "bfd", "static". Others are "static-pie", "dynamic" (but not at any address), "pie". */
struct live_way {
    const char *compiler, *strip, *linker_name, *linkage;
    enum oracle_linker linker;
    bool lto; /* the function's own sources are optimised at link time */
};

/* What was made. */
struct live_program {
    struct image_paths paths;
    const char *removed; /* what the linker printed */
    const char *command; /* what the compiler printed of the linker's command */
};

/* Returns whether all tools ended well; what they said is then in the file "log". */
bool live_build_run(const struct live_build *build, const struct live_way *way, struct live_program *program,
                    struct shared_error *err);

#endif
