#include "base/cleanup.h"
#include "base/file.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

static bool same_content(const char *from, const char *to)
{
    struct hash a, b;
    struct stat st;
    return stat(to, &st) == 0 && S_ISREG(st.st_mode) && hash_file(from, &a, NULL) == 0 &&
           hash_file(to, &b, NULL) == 0 && memcmp(&a, &b, sizeof(a)) == 0;
}

static int copy_content(int from, int to)
{
    ssize_t sent;
    do
        sent = sendfile(to, from, NULL, 1 << 30);
    while (sent > 0 || (sent < 0 && errno == EINTR));
    return sent < 0 ? -1 : fsync(to);
}

int file_copy(const char *from, const char *to, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    if (same_content(from, to))
        return 0;
    CLEANUP_FD int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s", from);
    const char *temporary = file_temporary_name(&arena, to);
    if (!temporary)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to copy %s", from);
    CLEANUP_FD int out = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out < 0)
        return shared_fail(err, SHARED_EIO, errno, "write %s", to);
    if (copy_content(in, out) == 0 && rename(temporary, to) == 0)
        return 0;
    shared_fail(err, SHARED_EIO, errno, "copy %s to %s", from, to);
    unlink(temporary);
    return SHARED_EIO;
}
