/* package_origin.h - where the dynamic loader looks for what an object of a package needs. */
#ifndef PACKER_PACKAGE_ORIGIN_H
#define PACKER_PACKAGE_ORIGIN_H

#include <shared/arena.h>
#include <shared/slice.h>

/* Where Lambda puts the package. */
#define PACKAGE_TASK_FOLDER "/var/task"

/* What stands after "$ORIGIN" or "${ORIGIN}" (ld.so(8)): "/../lib"; NULL where a folder does not begin so. */
const char *package_after_origin(const char *folder);

/*
 * The folder of the package that one of DT_RPATH or DT_RUNPATH is, of the object at a place: "lib/", "" for the top.
 * NULL: it lies elsewhere (or memory is exhausted, which looks the same).
 */
const char *package_run_folder(const char *place, struct shared_slice folder, struct shared_arena *arena);

#endif
