#include "content/blob_inner.h"

#include "base/cleanup.h"

#include <shared/arena.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TRIES 8

/* 1: the file is ours; 0: who sweeps took it for a leftover, before it was locked. */
static int lock_part(int fd)
{
    struct stat st;
    int status;
    do
        status = flock(fd, LOCK_EX);
    while (status < 0 && errno == EINTR);
    /* A file system without locks: nobody can tell that it is a leftover, and so nobody takes it. */
    if ((status < 0 && errno != ENOLCK && errno != EOPNOTSUPP) || fstat(fd, &st) < 0)
        return -1;
    return st.st_nlink > 0;
}

int blob_part_create(int folder_fd, char name[BLOB_NAME_BYTES])
{
    for (int i = 0; i < TRIES; i++) {
        char file[BLOB_FILE_BYTES];
        blob_name_make(name);
        blob_file_name(file, name, "part");
        int fd = openat(folder_fd, file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd < 0)
            return -1;
        int status = lock_part(fd);
        if (status > 0)
            return fd;
        int failure = errno;
        close(fd);
        if (status < 0) {
            unlinkat(folder_fd, file, 0);
            errno = failure;
            return -1;
        }
    }
    errno = EBUSY;
    return -1;
}

int blob_scratch_open(const char *scratch, struct shared_error *err)
{
    int fd = open(scratch, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    char *path = shared_arena_format(&arena, "%s/.demine-blobs.XXXXXX", scratch);
    if (!path)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to keep compressed files");
    fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "write to %s, where compressed files are kept meanwhile",
                           scratch);
    unlink(path);
    return fd;
}

void blob_part_leave_folder(struct blob_cache *cache, int error)
{
    if (!cache->folder_takes)
        return;
    cache->folder_takes = false;
    blob_warn(cache, "cache %s takes no more: %s; the rest of this run is not kept", cache->folder,
              strerror(error));
}

struct blob_part *blob_part_for(struct blob_cache *cache, bool pieces, struct shared_error *err)
{
    struct blob_part *part = &cache->parts[pieces ? PART_PIECES : PART_WHOLE];
    if (cache->folder_takes && part->fd < 0) {
        part->fd = blob_part_create(cache->folder_fd, part->name);
        part->in_folder = true;
        if (part->fd < 0)
            blob_part_leave_folder(cache, errno);
    }
    if (cache->folder_takes)
        return part;
    part = &cache->parts[pieces ? PART_PIECES_SCRATCH : PART_WHOLE_SCRATCH];
    if (part->fd < 0)
        part->fd = blob_scratch_open(cache->scratch, err);
    return part->fd >= 0 ? part : NULL;
}

int blob_part_finish(int folder_fd, int fd, const char *name, const struct blob_entry *entries,
                     const struct blob_trailer *trailer)
{
    char part[BLOB_FILE_BYTES], segment[BLOB_FILE_BYTES];
    size_t size = (size_t)blob_index_bytes(trailer->count);
    CLEANUP_FREE unsigned char *index = malloc(size);
    if (!index)
        return -1;
    blob_index_write(index, entries, trailer);
    /* Not fsynced: what a power cut takes is found by the checksums, and made again. */
    if (ftruncate(fd, (off_t)trailer->streams_bytes) < 0 ||
        blob_file_write(fd, index, size, trailer->streams_bytes) < 0)
        return -1;
    blob_file_name(part, name, "part");
    blob_file_name(segment, name, "blobs");
    return renameat(folder_fd, part, folder_fd, segment);
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The streams of a part, or NULL; *count of them. */
static struct blob_entry *part_entries(const struct blob_cache *cache, unsigned part, uint64_t *count)
{
    struct blob_entry *entries = malloc((cache->added.count + 1) * sizeof(*entries));
    *count = 0;
    for (size_t i = 0; entries && i < cache->added.count; i++) {
        const struct blob_added *stream = &cache->added.streams[i];
        if (stream->part == part && !(stream->marks & BLOB_DAMAGED))
            entries[(*count)++] = stream->entry;
    }
    return entries;
}

void blob_part_close(struct blob_cache *cache, unsigned number)
{
    struct blob_part *part = &cache->parts[number];
    if (part->fd < 0 || !part->in_folder) {
        close_fd(&part->fd);
        return;
    }
    struct blob_trailer trailer = {.streams_bytes = part->end, .made_ns = now_ns(), .day = cache->today};
    CLEANUP_FREE struct blob_entry *entries = part_entries(cache, number, &trailer.count);
    bool keeps = entries && trailer.count > 0;
    if (keeps)
        blob_index_sort(entries, (size_t)trailer.count);
    if (keeps && blob_part_finish(cache->folder_fd, part->fd, part->name, entries, &trailer) == 0) {
        cache->folder_bytes += part->end + blob_index_bytes(trailer.count);
        cache->folder_segments++;
        cache->has_grown = true;
    } else {
        char file[BLOB_FILE_BYTES];
        if (keeps)
            blob_warn(cache, "cache %s: what this run made could not be kept: %s", cache->folder,
                      strerror(errno));
        blob_file_name(file, part->name, "part");
        unlinkat(cache->folder_fd, file, 0);
    }
    close_fd(&part->fd);
}
