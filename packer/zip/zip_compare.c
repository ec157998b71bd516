#include "zip/zip_compare.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "zip/zip_directory.h"

#include <string.h>

#define READ_BYTES (256u << 10)

static int find_difference(const struct zip_file *first, const struct zip_file *second, char *buffer,
                           struct zip_difference *difference, struct shared_error *err)
{
    uint64_t common = first->size_bytes < second->size_bytes ? first->size_bytes : second->size_bytes;
    char *left = buffer, *right = buffer + READ_BYTES;
    for (uint64_t at = 0; at < common; at += READ_BYTES) {
        size_t size = common - at < READ_BYTES ? (size_t)(common - at) : READ_BYTES, i = 0;
        int status = zip_file_read(first, at, left, size, err);
        if (status == 0)
            status = zip_file_read(second, at, right, size, err);
        if (status < 0)
            return status;
        if (memcmp(left, right, size) == 0)
            continue;
        while (left[i] == right[i])
            i++;
        *difference = (struct zip_difference){.differs = true, .offset = at + i};
        return 0;
    }
    *difference =
        (struct zip_difference){.differs = first->size_bytes != second->size_bytes, .offset = common};
    return 0;
}

/* A zip that cannot be read as one has no places. */
static int find_place(const struct zip_file *file, struct shared_arena *arena,
                      struct zip_difference *difference, struct shared_error *err)
{
    struct zip_directory directory;
    int status = zip_directory_read(file, arena, &directory, err);
    if (status == SHARED_EPROTO)
        return 0;
    for (size_t i = 0; status == 0 && i < directory.count; i++)
        if (difference->offset < directory.offset && directory.items[i].offset <= difference->offset)
            difference->place = directory.items[i].place;
    return status;
}

int zip_compare(const char *first, const char *second, struct shared_arena *arena,
                struct zip_difference *difference, struct shared_error *err)
{
    CLEANUP_FD int left = -1;
    CLEANUP_FD int right = -1;
    CLEANUP_FREE char *buffer = malloc(2 * READ_BYTES);
    struct zip_file files[2] = {{.path = first}, {.path = second}};
    if (!buffer)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compare %s", first);
    int status = file_open(first, &left, &files[0].size_bytes, err);
    if (status == 0)
        status = file_open(second, &right, &files[1].size_bytes, err);
    files[0].fd = left;
    files[1].fd = right;
    if (status == 0)
        status = find_difference(&files[0], &files[1], buffer, difference, err);
    return status == 0 && difference->differs ? find_place(&files[0], arena, difference, err) : status;
}
