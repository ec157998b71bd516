/* file.h - whole files and folders. Paths in messages are given as the caller gave them. */
#ifndef PACKER_FILE_H
#define PACKER_FILE_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens a regular file to read; of a device or a pipe, which may have no end, nothing is. *fd is the caller's to close,
 * after a failure too. */
int file_open(const char *path, int *fd, uint64_t *size_bytes, struct shared_error *err);

/* The content of a regular file, NUL-terminated beyond its size; SHARED_ETOOBIG over max_bytes. */
int file_read(const char *path, size_t max_bytes, struct shared_arena *arena, struct shared_slice *content,
              struct shared_error *err);

/*
 * The same of what a user named to be read once: pipes and devices too (<(git show …), /dev/stdin), which are read to
 * their end.
 */
int file_take(const char *path, size_t max_bytes, struct shared_arena *arena, struct shared_slice *content,
              struct shared_error *err);

/* Writes to a temporary name beside path, fsyncs, and renames: readers see the old content or the new. */
int file_write(const char *path, struct shared_slice content, struct shared_error *err);

/* The same without fsync, for what has a checksum and can be made again: after a power cut it may hold anything. */
int file_write_cache(const char *path, struct shared_slice content, struct shared_error *err);

/*
 * Where a symbolic link leads, which lives in the arena, or the path itself: what a file is written to. SHARED_EIO where
 * it leads nowhere.
 */
int file_target(const char *path, struct shared_arena *arena, const char **target, struct shared_error *err);

/*
 * Writes what a user named: as file_write does, to where a symbolic link leads. A device or a pipe that is there is
 * written to as it is.
 */
int file_put(const char *path, struct shared_slice content, struct shared_error *err);

/*
 * file_put in two halves, for a regular file or none: file_stage writes all of it to a temporary name and fsyncs, which
 * may fail for want of room or of rights; file_place renames, which mostly cannot. What is staged and not wanted is
 * dropped; twice, or after it was placed, does nothing.
 */
struct file_staged {
    const char *temporary, *path; /* arena; temporary NULL: there is nothing to place */
};
int file_stage(const char *path, struct shared_slice content, struct shared_arena *arena,
               struct file_staged *staged, struct shared_error *err);
int file_place(struct file_staged *staged, struct shared_error *err);
void file_drop(struct file_staged *staged);

/* Copies a file, as file_write writes; one that is there with that content already is left alone. */
int file_copy(const char *from, const char *to, struct shared_error *err);

/* Makes a folder and those above it; one that is there already is fine. */
int file_make_folders(const char *path, struct shared_error *err);

/* fsyncs the folder that a path lies in, so that a rename in it survives a power cut. */
int file_sync_folder_of(const char *path, struct shared_error *err);

/*
 * What a file is called until it is whole: ".demine-NAME.PID.tmp" beside it, which zip_sweep knows where a killed
 * run left it. NULL where memory is exhausted.
 */
char *file_temporary_name(struct shared_arena *arena, const char *path);

/* True where something is there, whatever it is. */
bool file_exists(const char *path);

#endif
