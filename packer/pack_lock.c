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

/* The folder that the lock is written into: that where a symbolic link leads. NULL where memory is exhausted. */
static const char *folder_of_lock(struct pack *pack)
{
    CLEANUP_FREE char *target = realpath(pack->lock_path, NULL);
    struct stat st;
    bool link = target && lstat(pack->lock_path, &st) == 0 && S_ISLNK(st.st_mode);
    return path_folder(&pack->arena, link ? target : pack->lock_path);
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
    const char *folder = folder_of_lock(pack);
    if (!folder)
        return pack_no_memory(pack);
    if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
        return shared_fail(
            &pack->err, SHARED_ENOTFOUND, 0,
            "%s cannot be written: there is no folder %s; make it, or give %s another \"lock\"",
            pack->lock_path, folder, pack->manifest.path);
    int fault = fault_of(folder);
    return fault == 0 || file_exists(pack->lock_path) ? 0 : unwritable(pack, folder, fault);
}

int pack_check_lock(struct pack *pack, const struct lock_file *lock)
{
    struct shared_slice now;
    const char *folder = folder_of_lock(pack);
    if (!folder)
        return pack_no_memory(pack);
    int fault = fault_of(folder);
    if (fault == 0)
        return 0;
    const struct shared_slice text = lock_file_text(lock, &pack->arena);
    if (!text.data)
        return pack_no_memory(pack);
    int status = file_read(pack->lock_path, LOCK_LIMIT_BYTES, &pack->arena, &now, &pack->err);
    return status < 0 || shared_slice_equal(now, text) ? status : unwritable(pack, folder, fault);
}

/*
 * The folder of the lock is not this project's alone: another run, with folders of its own, may write it at the same
 * time. It is locked for as long as that takes, unless it is one of those that this run has locked already. What was
 * published since this run read the lock stays in it.
 */
int pack_write_lock(struct pack *pack, struct lock_file *lock)
{
    struct lock_file now;
    CLEANUP_FD int fd = -1;
    const char *folder = path_folder(&pack->arena, pack->lock_path);
    int status = folder ? 0 : pack_no_memory(pack);
    if (status == 0 && !lock_is_of(pack->state_lock, folder) && !lock_is_of(pack->output_lock, folder))
        status = lock_folder(folder, true, &fd, &pack->err);
    if (status == 0)
        status = zip_sweep_file(pack->lock_path, &pack->arena, &pack->err);
    if (status == 0)
        status = lock_file_read(pack->lock_path, &pack->arena, &now, &pack->err);
    if (status == 0)
        status = lock_file_is_of(&now, pack->lock_path, pack->manifest.name, &pack->err);
    if (status == 0 && now.project) {
        lock->ledger = now.ledger;
        lock->ledger_count = now.ledger_count;
    }
    return status == 0 ? lock_file_write(pack->lock_path, lock, &pack->arena, &pack->err) : status;
}
