/* path.h - paths as texts; nothing here asks the file system. Results live in the arena. */
#ifndef PACKER_PATH_H
#define PACKER_PATH_H

#include <shared/arena.h>

#include <stdbool.h>

/* folder/name; name alone where it is absolute or folder is "" or ".". NULL where memory is exhausted. */
char *path_join(struct shared_arena *arena, const char *folder, const char *name);

/* What stands before the last slash; "." where there is none, "/" for "/x". */
char *path_folder(struct shared_arena *arena, const char *path);

/* What stands after the last slash. Points into path. */
const char *path_base(const char *path);

/*
 * Whether a name may stand for a file in a package: relative, with no empty, "." or ".." part, no NUL,
 * backslash or control character, at most 4,096 bytes, well-formed UTF-8. *why says what is wrong, as the
 * end of a sentence: "is absolute".
 */
bool path_is_safe_place(const char *place, const char **why);

#endif
