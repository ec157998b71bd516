/* lock.h - one demine at a time in a folder. */
#ifndef PACKER_LOCK_H
#define PACKER_LOCK_H

#include <shared/error.h>

#include <stdbool.h>

/*
 * Locks a folder for this process and the programs that it starts, until *fd is closed and they have ended;
 * the end of the process closes it too. Nothing is written: the lock is on the folder itself (flock(2)). Where another holds it: with wait false returns 1,
 * else waits.
 */
int lock_folder(const char *folder, bool wait, int *fd, struct shared_error *err);

/*
 * Whether a descriptor from lock_folder, or -1, is of that folder: to lock one twice is to wait for oneself.
 */
bool lock_is_of(int fd, const char *folder);

#endif
