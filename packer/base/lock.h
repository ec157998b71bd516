/* lock.h - one demine at a time in a folder. */
#ifndef PACKER_LOCK_H
#define PACKER_LOCK_H

#include <shared/error.h>

#include <stdbool.h>

/*
 * Locks a folder until lock_release. The programs that this process starts hold the lock with it: where it ends without
 * lock_release, as when it is killed, the folder stays locked until those have ended too, which may still write there.
 * Nothing is written: the lock is on the folder itself (flock(2)). Where another holds it: with wait false returns 1,
 * else waits.
 */
int lock_folder(const char *folder, bool wait, int *fd, struct shared_error *err);

/*
 * Ends the lock, for programs that were started too: one that is meant to go on, as the server that a compiler cache
 * starts, keeps nobody waiting. To be called when all that write there have ended. Sets *fd to -1; where it is -1
 * already there is no lock.
 */
void lock_release(int *fd);

/*
 * Whether a descriptor from lock_folder, or -1, is of that folder: to lock one twice is to wait for oneself.
 */
bool lock_is_of(int fd, const char *folder);

#endif
