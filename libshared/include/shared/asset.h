/*
 * asset.h - a packaged file, wherever it lies.
 *
 * The packer may move a file that several functions carry from their packages into a layer: from /var/task to
 * /opt. What is opened here is found in both.
 */
#ifndef SHARED_ASSET_H
#define SHARED_ASSET_H

#include <shared/error.h>
#include <shared/slice.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Caller-owned. {0} is one that is closed. */
struct shared_asset {
    struct shared_slice content; /* mapped read-only; of an empty file: not NULL, 0 */
};

/*
 * Maps a file by its path in the package, "share/titles.json". It is looked for in $LAMBDA_TASK_ROOT
 * (/var/task), then in /opt; where LAMBDA_TASK_ROOT is not set, which is outside Lambda, in the folder that
 * DEMINE_ASSETS names. Fails with SHARED_EINVAL where the path is absolute, empty or has a ".." in it (or no
 * folder is known), SHARED_ENOTFOUND, naming where it was looked for, SHARED_EIO where it is no regular file
 * or cannot be mapped. Any thread.
 */
int shared_asset_open(struct shared_asset *asset, const char *path, struct shared_error *err);

/* Unmaps it. An asset that is closed is left alone. */
void shared_asset_close(struct shared_asset *asset);

#ifdef __cplusplus
}
#endif

#endif
