#include "content/blob_inner.h"

#include "base/cleanup.h"
#include "content/blob_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_use(int folder_fd, const char *name, int flags)
{
    char file[BLOB_FILE_BYTES];
    struct stat st;
    blob_file_name(file, name, "use");
    int fd = openat(folder_fd, file, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

/* What stands in a file of days; where it ends, zeros. */
static unsigned char *read_days(int fd, size_t count)
{
    unsigned char *bytes = calloc(count + 1, BLOB_USE_BYTES);
    size_t size = count * BLOB_USE_BYTES, done = 0;
    while (bytes && fd >= 0 && done < size) {
        ssize_t got = pread(fd, bytes + done, size - done, (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    return bytes;
}

/* A day to come is damage, or a clock that was wrong: such a stream is not to stay for ever. */
static uint32_t day_of(const unsigned char *bytes, size_t position, const struct blob_segment *segment,
                       uint32_t today)
{
    uint32_t day = (uint32_t)blob_get(bytes + position * BLOB_USE_BYTES, BLOB_USE_BYTES);
    if (day == 0)
        day = segment->trailer.day;
    return day > today ? 0 : day;
}

uint32_t *blob_use_read(int folder_fd, const struct blob_segment *segment, uint32_t today)
{
    size_t count = (size_t)segment->trailer.count;
    CLEANUP_FD int fd = open_use(folder_fd, segment->name, O_RDONLY);
    CLEANUP_FREE unsigned char *bytes = read_days(fd, count);
    uint32_t *days = malloc((count + 1) * sizeof(*days));
    for (size_t i = 0; bytes && days && i < count; i++)
        days[i] = day_of(bytes, i, segment, today);
    if (bytes)
        return days;
    free(days);
    return NULL;
}

static bool is_used(const struct blob_segment *segment, size_t position)
{
    return atomic_load_explicit(&segment->marks[position], memory_order_relaxed) & BLOB_USED;
}

/* Writes today for those that are used and not noted yet; neighbours in one go. */
static void note_streams(int fd, const struct blob_segment *segment, unsigned char *bytes, uint32_t today)
{
    size_t count = (size_t)segment->trailer.count;
    for (size_t i = 0; i < count;) {
        size_t first = i;
        while (i < count && is_used(segment, i) && day_of(bytes, i, segment, today) != today)
            blob_put(bytes + i++ * BLOB_USE_BYTES, BLOB_USE_BYTES, today);
        if (i == first)
            i++;
        else if (blob_file_write(fd, bytes + first * BLOB_USE_BYTES, (i - first) * BLOB_USE_BYTES,
                                 first * BLOB_USE_BYTES) < 0)
            return;
    }
}

static void note_segment(int folder_fd, const struct blob_segment *segment, uint32_t today)
{
    size_t count = (size_t)segment->trailer.count, used = 0;
    while (used < count && !is_used(segment, used))
        used++;
    if (used == count)
        return;
    CLEANUP_FD int reading = open_use(folder_fd, segment->name, O_RDONLY);
    CLEANUP_FREE unsigned char *bytes = read_days(reading, count);
    while (bytes && used < count && (!is_used(segment, used) || day_of(bytes, used, segment, today) == today))
        used++;
    if (!bytes || used == count)
        return;
    CLEANUP_FD int fd = open_use(folder_fd, segment->name, O_WRONLY | O_CREAT);
    if (fd >= 0)
        note_streams(fd, segment, bytes, today);
}

void blob_use_note(struct blob_cache *cache)
{
    for (size_t i = 0; i < cache->segment_count; i++)
        note_segment(cache->folder_fd, &cache->segments[i], cache->today);
}

int blob_use_write(int folder_fd, const char *name, const struct blob_entry *entries, size_t count)
{
    CLEANUP_FREE unsigned char *bytes = malloc((count + 1) * BLOB_USE_BYTES);
    CLEANUP_FD int fd = open_use(folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC);
    if (!bytes || fd < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        blob_put(bytes + i * BLOB_USE_BYTES, BLOB_USE_BYTES, entries[i].day);
    return blob_file_write(fd, bytes, count * BLOB_USE_BYTES, 0);
}
