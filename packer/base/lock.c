#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int lock_folder(const char *folder, bool wait, int *fd, struct shared_error *err)
{
    /* Not O_CLOEXEC: a compiler that outlives a killed demine still writes there, and holds the lock. */
    *fd = open(folder, O_RDONLY | O_DIRECTORY);
    if (*fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "open folder %s", folder);
    int status;
    do
        status = flock(*fd, LOCK_EX | (wait ? 0 : LOCK_NB));
    while (status < 0 && errno == EINTR);
    if (status == 0)
        return 0;
    int failure = errno;
    close(*fd);
    *fd = -1;
    return failure == EWOULDBLOCK ? 1 : shared_fail(err, SHARED_EIO, failure, "lock folder %s", folder);
}

void lock_release(int *fd)
{
    if (*fd < 0)
        return;
    flock(*fd, LOCK_UN); /* close alone leaves the lock to those who have inherited it */
    close(*fd);
    *fd = -1;
}

bool lock_is_of(int fd, const char *folder)
{
    struct stat held, wanted;
    return fd >= 0 && fstat(fd, &held) == 0 && stat(folder, &wanted) == 0 && held.st_dev == wanted.st_dev &&
           held.st_ino == wanted.st_ino;
}
