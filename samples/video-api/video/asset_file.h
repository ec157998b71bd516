/* asset_file.h - reads a file that lies beside the function in its package. */
#ifndef VIDEO_ASSET_FILE_H
#define VIDEO_ASSET_FILE_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

/*
 * Reads a file by its place in the package, "share/titles.json", into the arena. The package is
 * LAMBDA_TASK_ROOT; where that is not set, the folder of the executable. Fails with SHARED_EIO,
 * SHARED_ENOMEM, or SHARED_ETOOBIG for more than 64 MiB.
 */
int asset_file_read(const char *place, struct shared_arena *arena, struct shared_slice *content,
                    struct shared_error *err);

#endif
