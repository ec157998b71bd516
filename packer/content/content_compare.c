#include "content/content_inner.h"

#include "base/cleanup.h"

#include <string.h>

#define AT_ONCE_BYTES (128u << 10)

int content_compare(const char *a, const char *b, uint64_t size_bytes, struct shared_error *err)
{
    CLEANUP_FD int fd_a = -1;
    CLEANUP_FD int fd_b = -1;
    struct stat_print print_a = {0}, print_b = {0};
    int status = content_file_open(a, size_bytes, &fd_a, &print_a, err);
    if (status == 0)
        status = content_file_open(b, size_bytes, &fd_b, &print_b, err);
    if (status < 0)
        return status;
    if (print_a.inode == print_b.inode && print_a.device == print_b.device)
        return 1;
    size_t at_once = size_bytes < AT_ONCE_BYTES ? (size_t)size_bytes : AT_ONCE_BYTES;
    CLEANUP_FREE char *bytes = malloc(2 * at_once + 1);
    if (!bytes)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compare %s", a);
    for (uint64_t done = 0; done < size_bytes;) {
        uint64_t left = size_bytes - done;
        size_t size = left < at_once ? (size_t)left : at_once;
        status = content_file_read(fd_a, a, done, bytes, size, err);
        if (status == 0)
            status = content_file_read(fd_b, b, done, bytes + at_once, size, err);
        if (status < 0)
            return status;
        if (memcmp(bytes, bytes + at_once, size) != 0)
            return 0;
        done += size;
    }
    return 1;
}
