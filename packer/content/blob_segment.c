#include "content/blob_inner.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void blob_segment_clean_up(struct blob_segment *segment)
{
    close_fd(&segment->fd);
    free(segment->index);
    free((void *)segment->marks);
    *segment = (struct blob_segment){.fd = -1};
}

static int read_index(struct blob_segment *segment, struct shared_error *err)
{
    unsigned char end[BLOB_TRAILER_BYTES];
    struct stat st;
    if (fstat(segment->fd, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "%s.blobs", segment->name);
    if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(end))
        return shared_fail(err, SHARED_EPROTO, 0, "%s.blobs is damaged: no segment of blobs", segment->name);
    segment->file_bytes = (uint64_t)st.st_size;
    if (blob_file_read(segment->fd, end, sizeof(end), segment->file_bytes - sizeof(end)) < 0)
        return shared_fail(err, SHARED_EIO, errno, "read %s.blobs", segment->name);
    if (!blob_trailer_read(end, segment->file_bytes, &segment->trailer))
        return shared_fail(err, SHARED_EPROTO, 0, "%s.blobs is damaged at its end", segment->name);

    size_t size = (size_t)blob_index_bytes(segment->trailer.count);
    segment->index = malloc(size);
    if (!segment->index)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s.blobs", segment->name);
    if (blob_file_read(segment->fd, segment->index, size, segment->trailer.streams_bytes) < 0)
        return shared_fail(err, SHARED_EIO, errno, "read %s.blobs", segment->name);
    if (!blob_index_check(segment->index, &segment->trailer))
        return shared_fail(err, SHARED_EPROTO, 0, "the index of %s.blobs is damaged", segment->name);
    return 0;
}

int blob_segment_open(int folder_fd, const char *name, struct blob_segment *segment, struct shared_error *err)
{
    char file[BLOB_FILE_BYTES];
    blob_file_name(file, name, "blobs");
    *segment = (struct blob_segment){.fd = -1};
    memcpy(segment->name, name, sizeof(segment->name));
    segment->fd = openat(folder_fd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (segment->fd < 0)
        return shared_fail(err,
                           errno == ENOENT  ? SHARED_ENOTFOUND
                           : errno == ELOOP ? SHARED_EPROTO
                                            : SHARED_EIO,
                           errno, "open %s", file);
    int status = read_index(segment, err);
    if (status < 0)
        blob_segment_clean_up(segment);
    return status;
}
