#include "asset_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ASSET_LIMIT_BYTES (64 << 20)

/* The package's folder in the arena; the current one where nothing better is known. */
static const char *task_root(struct shared_arena *arena)
{
    const char *root = getenv("LAMBDA_TASK_ROOT");
    if (root && *root)
        return root;
    char *path = shared_arena_alloc(arena, PATH_MAX);
    ssize_t size = path ? readlink("/proc/self/exe", path, PATH_MAX - 1) : -1;
    if (size <= 0)
        return ".";
    path[size] = '\0';
    *strrchr(path, '/') = '\0';
    return path;
}

static int read_all(int fd, char *data, size_t size_bytes, const char *path, struct shared_error *err)
{
    for (size_t done = 0; done < size_bytes;) {
        ssize_t count = read(fd, data + done, size_bytes - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return shared_fail(err, SHARED_EIO, count < 0 ? errno : 0, "read %s", path);
        done += (size_t)count;
    }
    return 0;
}

static int read_open(int fd, const char *path, struct shared_arena *arena, struct shared_slice *content,
                     struct shared_error *err)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return shared_fail(err, SHARED_EIO, errno, "stat %s", path);
    if (status.st_size > ASSET_LIMIT_BYTES)
        return shared_fail(err, SHARED_ETOOBIG, 0, "%s is larger than %d bytes", path, ASSET_LIMIT_BYTES);
    size_t size = (size_t)status.st_size;
    char *data = shared_arena_alloc(arena, size);
    if (!data)
        return shared_fail(err, SHARED_ENOMEM, 0, "read %s", path);
    *content = shared_slice_of(data, size);
    return read_all(fd, data, size, path, err);
}

int asset_file_read(const char *place, struct shared_arena *arena, struct shared_slice *content,
                    struct shared_error *err)
{
    const char *path = shared_arena_format(arena, "%s/%s", task_root(arena), place);
    if (!path)
        return shared_fail(err, SHARED_ENOMEM, 0, "read %s", place);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s: is it among the function's assets?", path);
    int code = read_open(fd, path, arena, content, err);
    close(fd);
    return code;
}
