#include "content/content_inner.h"

#include "package/package_shown.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int content_fail_on_read(const char *path, struct shared_error *err)
{
    /* Those that say nothing of the file. */
    bool is_ours = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
    return shared_fail(err, SHARED_EIO, errno, "read %s%s", package_shown(path).text,
                       is_ours ? "" : ", which was there when it was listed");
}

int content_fail_on_change(const char *path, struct shared_error *err)
{
    return shared_fail(err, SHARED_EIO, 0, "%s changed while it was being packed: run again",
                       package_shown(path).text);
}

int content_file_open(const char *path, uint64_t size_bytes, int *fd, struct stat_print *print,
                      struct shared_error *err)
{
    struct stat st;
    /* Not to be kept waiting where a FIFO has taken the file's place. */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0)
        return content_fail_on_read(path, err);
    if (print->inode != 0)
        return 0;
    if (fstat(*fd, &st) < 0)
        return content_fail_on_read(path, err);
    if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != size_bytes)
        return content_fail_on_change(path, err);
    *print = stat_print_of(&st);
    return 0;
}

int content_file_read(int fd, const char *path, uint64_t offset, void *data, size_t size_bytes,
                      struct shared_error *err)
{
    for (size_t done = 0; done < size_bytes;) {
        ssize_t got = pread(fd, (char *)data + done, size_bytes - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return content_fail_on_read(path, err);
        if (got == 0)
            return content_fail_on_change(path, err);
        done += (size_t)got;
    }
    return 0;
}
