/* zip_all.h - the zips of many packages, on all processors, and only those that are not there already. */
#ifndef PACKER_ZIP_ALL_H
#define PACKER_ZIP_ALL_H

#include "base/hash.h"
#include "package/package.h"
#include "zip/zip_write.h"

#include <shared/arena.h>
#include <shared/error.h>

struct zip_task {
    const char *name; /* for messages: "function hello" */
    const struct package *package;
    const char *path;      /* where the zip is to lie */
    const char *record;    /* file that zip_record keeps; its folder is made where it is not there */
    const char *temporary; /* afterwards: the zip, not yet in place; NULL: the one at path is current */
    struct lock_zip zip;   /* afterwards */
    struct hash input;     /* afterwards: for the record */
    bool looked, current;  /* what zip_task_look found out, for the zip_write_all that follows */
    bool placed;           /* after zip_commit_all: for zip_keep_records */
};

struct zip_all_options {
    struct content_set *contents; /* deflated */
    enum manifest_level level;    /* of contents */
    unsigned parallel; /* threads; 0: one for each processor; at most 16, for 64 open files in all */
    /* Called from any thread, one at a time, with the share of all bytes that are done; may be NULL. */
    void (*progress)(void *user, double share);
    void *user;
};

/*
 * Writes all zips to temporary names. Where one fails the others are abandoned and the error names its task.
 * What stays is in place only after zip_commit_all.
 */
int zip_write_all(struct zip_task *tasks, size_t count, const struct zip_all_options *options,
                  struct shared_arena *arena, struct shared_error *err);

/* Sets current: whether the zip at a task's path is; then fills zip. input is filled in any case. SHARED_ENOMEM. */
int zip_task_look(struct zip_task *task, enum manifest_level level, struct shared_error *err);

/* Moves what zip_write_all wrote into place, unless a folder is in the place of one. On failure abandons the rest. */
int zip_commit_all(struct zip_task *tasks, size_t count, struct shared_error *err);

/* Keeps the records of what zip_commit_all moved. Returns how many could not be kept, and what the first failed with:
 * these zips are written again, nothing more. */
size_t zip_keep_records(struct zip_task *tasks, size_t count, struct shared_error *err);

/* Removes what zip_write_all wrote. */
void zip_abandon_all(struct zip_task *tasks, size_t count);

#endif
