#include "content/blob_inner.h"

#include "base/cleanup.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* Its maker holds the lock for as long as it lives. */
static void sweep_part(int folder_fd, const char *name)
{
    char file[BLOB_FILE_BYTES];
    blob_file_name(file, name, "part");
    CLEANUP_FD int fd = openat(folder_fd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder_fd, file, 0);
}

/* Days whose segment another process gathered while they were noted. */
static void sweep_use(int folder_fd, const char *name)
{
    char segment[BLOB_FILE_BYTES], file[BLOB_FILE_BYTES];
    blob_file_name(segment, name, "blobs");
    blob_file_name(file, name, "use");
    if (faccessat(folder_fd, segment, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        unlinkat(folder_fd, file, 0);
}

void blob_sweep(int folder_fd, const struct blob_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->files[i].kind == BLOB_FILE_PART)
            sweep_part(folder_fd, list->files[i].name);
        if (list->files[i].kind == BLOB_FILE_USE)
            sweep_use(folder_fd, list->files[i].name);
    }
}

void blob_sweep_segment(int folder_fd, const char *name)
{
    char file[BLOB_FILE_BYTES];
    blob_file_name(file, name, "blobs");
    unlinkat(folder_fd, file, 0);
    blob_file_name(file, name, "use");
    unlinkat(folder_fd, file, 0);
}
