#include "base/file.h"

#include "base/cleanup.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int file_open(const char *path, int *fd, uint64_t *size_bytes, struct shared_error *err)
{
    struct stat st;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0 || fstat(*fd, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s", path);
    if (!S_ISREG(st.st_mode))
        return shared_fail(err, SHARED_EIO, 0, "%s is %s, not a file", path,
                           S_ISDIR(st.st_mode) ? "a folder" : "a device, socket or pipe");
    *size_bytes = (uint64_t)st.st_size;
    return 0;
}

int file_read(const char *path, size_t max_bytes, struct shared_arena *arena, struct shared_slice *content,
              struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    uint64_t there;
    int status = file_open(path, &fd, &there, err);
    if (status < 0)
        return status;
    if (there > max_bytes)
        return shared_fail(err, SHARED_ETOOBIG, 0, "%s has %ju bytes; at most %zu are read", path,
                           (uintmax_t)there, max_bytes);

    size_t size = (size_t)there;
    char *data = shared_arena_alloc(arena, size + 1);
    if (!data)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return shared_fail(err, SHARED_EIO, errno, "read %s", path);
        if (got == 0)
            break;
        done += (size_t)got;
    }
    data[done] = '\0';
    *content = shared_slice_of(data, done);
    return 0;
}

static int write_all(int fd, struct shared_slice content)
{
    while (content.size_bytes > 0) {
        ssize_t put = write(fd, content.data, content.size_bytes);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        content = shared_slice_of(content.data + put, content.size_bytes - (size_t)put);
    }
    return 0;
}

char *file_temporary_name(struct shared_arena *arena, const char *path)
{
    const char *folder = path_folder(arena, path);
    const char *base = shared_arena_format(arena, ".demine-%s.%ld.tmp", path_base(path), (long)getpid());
    return folder && base ? path_join(arena, folder, base) : NULL;
}

/* Whether what is written has to be on the disk. */
enum file_wait { WAITS, HURRIES };

static int write_temporary(const struct file_staged *staged, struct shared_slice content, enum file_wait wait,
                           struct shared_error *err)
{
    int fd = open(staged->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), status = 0;
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "write %s", staged->path);
    if (write_all(fd, content) < 0 || (wait == WAITS && fsync(fd) < 0))
        status = shared_fail(err, SHARED_EIO, errno, "write %s", staged->path);
    if (close(fd) < 0 && status == 0)
        status = shared_fail(err, SHARED_EIO, errno, "write %s", staged->path);
    if (status < 0)
        unlink(staged->temporary);
    return status;
}

static int stage_at(const char *path, struct shared_slice content, enum file_wait wait,
                    struct shared_arena *arena, struct file_staged *staged, struct shared_error *err)
{
    struct file_staged one = {.temporary = file_temporary_name(arena, path), .path = path};
    *staged = (struct file_staged){0};
    if (!one.temporary)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", path);
    int status = write_temporary(&one, content, wait, err);
    if (status == 0)
        *staged = one;
    return status;
}

int file_place(struct file_staged *staged, struct shared_error *err)
{
    int status = 0;
    if (staged->temporary && rename(staged->temporary, staged->path) < 0) {
        status = shared_fail(err, SHARED_EIO, errno, "rename %s to %s", staged->temporary, staged->path);
        file_drop(staged);
    }
    staged->temporary = NULL;
    return status;
}

void file_drop(struct file_staged *staged)
{
    if (staged->temporary)
        unlink(staged->temporary);
    staged->temporary = NULL;
}

static int write_and_place(const char *path, struct shared_slice content, enum file_wait wait,
                           struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    struct file_staged staged;
    int status = stage_at(path, content, wait, &arena, &staged, err);
    return status == 0 ? file_place(&staged, err) : status;
}

int file_write(const char *path, struct shared_slice content, struct shared_error *err)
{
    return write_and_place(path, content, WAITS, err);
}

int file_write_cache(const char *path, struct shared_slice content, struct shared_error *err)
{
    return write_and_place(path, content, HURRIES, err);
}

/* What is there and no file: a rename would put a file in a device's place. */
static int write_stream(const char *path, struct shared_slice content, struct shared_error *err)
{
    CLEANUP_FD int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s", path);
    return write_all(fd, content) < 0 ? shared_fail(err, SHARED_EIO, errno, "write to %s", path) : 0;
}

int file_target(const char *path, struct shared_arena *arena, const char **target, struct shared_error *err)
{
    struct stat st;
    *target = path;
    if (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode))
        return 0;
    CLEANUP_FREE char *real = realpath(path, NULL);
    if (!real)
        return shared_fail(err, SHARED_EIO, errno,
                           "%s is a symbolic link that leads to no file; make that, or remove the link",
                           path);
    *target = shared_arena_copy(arena, shared_slice_from_text(real));
    return *target ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", path);
}

int file_stage(const char *path, struct shared_slice content, struct shared_arena *arena,
               struct file_staged *staged, struct shared_error *err)
{
    const char *target;
    *staged = (struct file_staged){0};
    int status = file_target(path, arena, &target, err);
    return status == 0 ? stage_at(target, content, WAITS, arena, staged, err) : status;
}

int file_put(const char *path, struct shared_slice content, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    struct file_staged staged;
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return write_stream(path, content, err);
    int status = file_stage(path, content, &arena, &staged, err);
    return status == 0 ? file_place(&staged, err) : status;
}

static int make_folder(const char *path, struct shared_error *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno == EEXIST && stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return 0;
        errno = ENOTDIR;
    }
    return shared_fail(err, SHARED_EIO, errno, "make folder %s", path);
}

int file_make_folders(const char *path, struct shared_error *err)
{
    CLEANUP_FREE char *copy = strdup(*path ? path : ".");
    if (!copy)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to make folder %s", path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (make_folder(copy, err) < 0)
            return SHARED_EIO;
        *slash = '/';
    }
    return make_folder(copy, err);
}

int file_sync_folder_of(const char *path, struct shared_error *err)
{
    struct shared_arena arena;
    shared_arena_init(&arena);
    const char *folder = path_folder(&arena, path);
    CLEANUP_FD int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int status = 0;
    if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
        status = shared_fail(err, SHARED_EIO, errno, "sync the folder of %s", path);
    shared_arena_clean_up(&arena);
    return status;
}

bool file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}
