#include <shared/asset.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAYERS "/opt"

static bool is_inside(const char *path)
{
    if (!*path || *path == '/')
        return false;
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2]))
            return false;
    }
    return true;
}

static int map(struct shared_asset *asset, int fd, const char *folder, const char *path,
               struct shared_error *err)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return shared_fail(err, SHARED_EIO, errno, "stat asset %s/%s", folder, path);
    if (!S_ISREG(status.st_mode))
        return shared_fail(err, SHARED_EIO, 0, "asset %s/%s is no regular file", folder, path);
    if (status.st_size == 0) { /* nothing can be mapped */
        asset->content = shared_slice_of("", 0);
        return 0;
    }
    void *content = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (content == MAP_FAILED)
        return shared_fail(err, SHARED_EIO, errno, "map asset %s/%s", folder, path);
    asset->content = shared_slice_of(content, (size_t)status.st_size);
    return 0;
}

/* SHARED_ENOTFOUND, without a message, where the folder does not have it. */
static int open_in(struct shared_asset *asset, const char *folder, const char *path, struct shared_error *err)
{
    int root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    /* A FIFO would let an open for reading wait. */
    int fd = root < 0 ? -1 : openat(root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    int why = errno;
    if (root >= 0)
        close(root);
    if (fd < 0 && (why == ENOENT || why == ENOTDIR))
        return SHARED_ENOTFOUND;
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, why, "open asset %s/%s", folder, path);
    int code = map(asset, fd, folder, path, err);
    close(fd);
    return code;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

int shared_asset_open(struct shared_asset *asset, const char *path, struct shared_error *err)
{
    *asset = (struct shared_asset){{NULL, 0}};
    const char *task = variable("LAMBDA_TASK_ROOT"), *folder = task ? task : variable("DEMINE_ASSETS");
    if (!is_inside(path))
        return shared_fail(err, SHARED_EINVAL, 0,
                           "asset \"%s\" is not a path in a package: relative, without \"..\"", path);
    if (!folder)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "asset %s: LAMBDA_TASK_ROOT is not set; outside Lambda set DEMINE_ASSETS to the "
                           "folder that holds it",
                           path);
    int code = open_in(asset, folder, path, err);
    if (code == SHARED_ENOTFOUND && task)
        code = open_in(asset, LAYERS, path, err);
    if (code == SHARED_ENOTFOUND)
        return shared_fail(err, code, 0, "asset %s is not in %s%s; is it among the function's assets?", path,
                           folder, task ? " or " LAYERS : "");
    return code;
}
