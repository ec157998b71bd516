/*
 * package_closure.h - the shared libraries that a dynamic program needs and neither its package nor the target has.
 *
 * Found by reading ELF alone, so that it works for another architecture too; no program of the target is run. What is
 * opened by dlopen(3) is named nowhere in a file: plugins are assets.
 */
#ifndef PACKER_PACKAGE_CLOSURE_H
#define PACKER_PACKAGE_CLOSURE_H

#include "manifest/manifest.h"
#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

struct check_plan;
struct closure_answer;
struct closure_object;

/* One for all functions of a run, which mostly need the same libraries: {.target = …, .arena = …}. */
struct package_closure {
    struct check_plan *target;      /* says what the target has; its manifest has the toolchain */
    struct shared_arena *arena;     /* of what is added to packages too */
    struct closure_answer *answers; /* inner: what the compiler said so far */
    struct closure_object *objects; /* inner: what was read so far */
};

/*
 * Follows DT_NEEDED (gABI 5, "Dynamic Section") from a linked program through all that is loaded with it, and adds
 * what is missing as lib/NAME, a regular file whatever symlinks lead to it. A static program needs nothing.
 *
 * A library is looked for where the linker has it: DT_RPATH or DT_RUNPATH of what needs it, folders of the function's
 * libraries in the manifest, -L of the toolchain, the compiler's own folders (-print-file-name), beside what needs it,
 * and the system's folders for the architecture. What is there for another machine is passed over.
 *
 * SHARED_ENOTFOUND names the chain, "bootstrap needs libpng16.so.16, which needs libz.so.1, which …", once all that is
 * somewhere has been added; where the manifest turns the check needed-libraries off (a pinned layer has it), what
 * is nowhere is left out. Fails as elf_file_read where the program cannot be read, SHARED_EINVAL where lib/NAME clashes
 * with an asset, SHARED_EIO, SHARED_ENOMEM.
 */
int package_add_closure(struct package_closure *closure, const struct manifest_function *function,
                        const char *program, struct package *package, struct shared_error *err);

#endif
