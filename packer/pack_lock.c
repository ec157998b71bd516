#include "pack_inner.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder that the lock is written into: that where a symbolic link leads. */
static int find_folder(struct pack *pack, const char **folder)
{
    const char *target;
    int status = file_target(pack->lock_path, &pack->arena, &target, &pack->err);
    *folder = status == 0 ? path_folder(&pack->arena, target) : NULL;
    return status < 0 || *folder ? status : pack_no_memory(pack);
}

/* 0, or the number of what keeps this user from it. */
static int fault_of(const char *folder)
{
    return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

static int unwritable(struct pack *pack, const char *folder, int fault)
{
    return shared_fail(
        &pack->err, SHARED_EIO, 0,
        "%s cannot be written into the folder %s (%s): let it be written to, or give %s another "
        "\"lock\"",
        pack->lock_path, folder, strerror(fault), pack->manifest.path);
}

/* Where there is a lock, and it stays as it is, a checkout that is read only will do. */
int pack_check_lock_folder(struct pack *pack)
{
    struct stat st;
    const char *folder;
    int status = find_folder(pack, &folder);
    if (status < 0)
        return status;
    if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
        return shared_fail(
            &pack->err, SHARED_ENOTFOUND, 0,
            "%s cannot be written: there is no folder %s; make it, or give %s another \"lock\"",
            pack->lock_path, folder, pack->manifest.path);
    int fault = fault_of(folder);
    return fault == 0 || file_exists(pack->lock_path) ? 0 : unwritable(pack, folder, fault);
}

/* What was published since this run read the lock stays in it. */
static int merge_ledger(struct pack *pack, struct lock_file *lock)
{
    struct lock_file now;
    int status = lock_file_read(pack->lock_path, &pack->arena, &now, &pack->err);
    if (status == 0)
        status = lock_file_is_of(&now, pack->lock_path, pack->manifest.name, &pack->err);
    if (status == 0 && now.project) {
        lock->ledger = now.ledger;
        lock->ledger_count = now.ledger_count;
    }
    return status;
}

static bool is_there(struct pack *pack, struct shared_slice text)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_slice now;
    return file_read(pack->lock_path, LOCK_LIMIT_BYTES, &scratch, &now, NULL) == 0 &&
           shared_slice_equal(now, text);
}

static int stage(struct pack *pack, const struct lock_file *lock, struct pack_next_lock *next)
{
    const char *folder;
    const struct shared_slice text = lock_file_text(lock, &pack->arena);
    int status = text.data ? find_folder(pack, &folder) : pack_no_memory(pack);
    if (status < 0)
        return status;
    if (is_there(pack, text))
        return 0;
    int fault = fault_of(folder);
    if (fault)
        return unwritable(pack, folder, fault);
    status = lock_file_check(pack->lock_path, text, &pack->err);
    return status < 0 ? status : file_stage(pack->lock_path, text, &pack->arena, &next->file, &pack->err);
}

/*
 * The folder of the lock is not this project's alone: another run, with folders of its own, may write it at the same
 * time. It stays locked until the lock is in place, unless it is one of those that this run has locked already.
 */
int pack_stage_lock(struct pack *pack, struct lock_file *lock, struct pack_next_lock *next)
{
    const char *folder = path_folder(&pack->arena, pack->lock_path);
    int status = folder ? 0 : pack_no_memory(pack);
    if (status == 0 && !lock_is_of(pack->state_lock, folder) && !lock_is_of(pack->output_lock, folder))
        status = lock_folder(folder, true, &next->folder, &pack->err);
    if (status == 0)
        status = zip_sweep_file(pack->lock_path, &pack->arena, &pack->err);
    if (status == 0)
        status = merge_ledger(pack, lock);
    return status == 0 ? stage(pack, lock, next) : status;
}

int pack_place_lock(struct pack *pack, struct pack_next_lock *next)
{
    return file_place(&next->file, &pack->err);
}

void pack_drop_lock(struct pack_next_lock *next)
{
    file_drop(&next->file);
    lock_release(&next->folder);
}
