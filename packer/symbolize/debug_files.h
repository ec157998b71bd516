/* debug_files.h - programs with debugging information, by their build ids. */
#ifndef PACKER_DEBUG_FILES_H
#define PACKER_DEBUG_FILES_H

#include "link/build_id.h"
#include "symbolize/debug_file.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>

struct debug_files_entry {
    const char *path;
    char build_id[2 * BUILD_ID_LIMIT_BYTES + 1]; /* hexadecimal; empty: none */
    struct debug_file *file;                     /* NULL: not opened yet */
};

/* {.arena = …} is an empty one. */
struct debug_files {
    struct shared_arena *arena;
    struct debug_files_entry *entries;
    size_t count;
};

/*
 * Adds a file, or all NAME.debug of a folder, in the order of their names; of those that are no programs,
 * and lie in a folder, nothing is said. Of files with the same id the first is used.
 */
int debug_files_add(struct debug_files *files, const char *path, struct shared_error *err);

/*
 * The file of a build id, and its path. Where the id is empty, the only file there is. SHARED_ENOTFOUND
 * says which id is missing, other codes are of opening the file.
 */
int debug_files_get(struct debug_files *files, const char *build_id, struct debug_file **file,
                    const char **path, struct shared_error *err);

void debug_files_clean_up(struct debug_files *files);

#endif
