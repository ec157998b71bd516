#include "content/blob_inner.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#define CHECK_BYTES_AT_ONCE (128u << 10)

int blob_file_write(int fd, const void *data, size_t size_bytes, uint64_t offset)
{
    const char *bytes = data;
    while (size_bytes > 0) {
        ssize_t put = pwrite(fd, bytes, size_bytes, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        bytes += put;
        offset += (uint64_t)put;
        size_bytes -= (size_t)put;
    }
    return 0;
}

int blob_file_read(int fd, void *data, size_t size_bytes, uint64_t offset)
{
    char *bytes = data;
    while (size_bytes > 0) {
        ssize_t got = pread(fd, bytes, size_bytes, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EBADMSG;
        if (got <= 0)
            return -1;
        bytes += got;
        offset += (uint64_t)got;
        size_bytes -= (size_t)got;
    }
    return 0;
}

void blob_state_free(XXH3_state_t **state)
{
    XXH3_freeState(*state);
}

static int compare(uint64_t checksum, const struct blob_entry *entry)
{
    if (checksum == entry->checksum)
        return 0;
    errno = EBADMSG;
    return -1;
}

int blob_file_check(int fd, const struct blob_entry *entry)
{
    char buffer[CHECK_BYTES_AT_ONCE];
    uint64_t left = entry->blob.stream_bytes, offset = entry->offset;
    if (left <= sizeof(buffer)) {
        if (blob_file_read(fd, buffer, (size_t)left, offset) < 0)
            return -1;
        return compare(XXH3_64bits(buffer, (size_t)left), entry);
    }

    CLEANUP(blob_state_free) XXH3_state_t *state = XXH3_createState();
    if (!state) {
        errno = ENOMEM;
        return -1;
    }
    XXH3_64bits_reset(state);
    while (left > 0) {
        size_t size = left < sizeof(buffer) ? (size_t)left : sizeof(buffer);
        if (blob_file_read(fd, buffer, size, offset) < 0)
            return -1;
        XXH3_64bits_update(state, buffer, size);
        offset += size;
        left -= size;
    }
    return compare(XXH3_64bits_digest(state), entry);
}

void blob_name_make(char name[BLOB_NAME_BYTES])
{
    uint64_t number;
    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number)) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        number = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec << 20 ^ (uint64_t)getpid();
    }
    snprintf(name, BLOB_NAME_BYTES, "%016jx", (uintmax_t)number);
}

void blob_file_name(char file[BLOB_FILE_BYTES], const char *name, const char *suffix)
{
    snprintf(file, BLOB_FILE_BYTES, "%s.%s", name, suffix);
}
