/* lock.h - one demine at a time in a folder. */
#ifndef PACKER_LOCK_H
#define PACKER_LOCK_H

#include <shared/error.h>

#include <stdbool.h>

/*
 * Locks a folder for this process until *fd is closed, which the end of the process does too. Nothing is
 * written: the lock is on the folder itself (flock(2)). Where another holds it: with wait false returns 1,
 * else waits.
 */
int lock_folder(const char *folder, bool wait, int *fd, struct shared_error *err);

#endif
