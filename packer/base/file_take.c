#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define FIRST_BYTES ((size_t)1 << 16)

/* What is read so far, with room for a NUL beyond it. */
struct taken {
    struct shared_arena *arena;
    char *data;
    size_t size, capacity;
};

static bool make_room(struct taken *taken, size_t max_bytes)
{
    if (taken->size + 1 < taken->capacity)
        return true;
    /* One more than is allowed shows that there is more. */
    size_t most = max_bytes + 2, larger = taken->capacity ? 2 * taken->capacity : FIRST_BYTES;
    size_t capacity = larger < most ? larger : most;
    char *data = shared_arena_resize(taken->arena, taken->data, taken->capacity, capacity);
    if (!data)
        return false;
    taken->data = data;
    taken->capacity = capacity;
    return true;
}

int file_take(const char *path, size_t max_bytes, struct shared_arena *arena, struct shared_slice *content,
              struct shared_error *err)
{
    struct taken taken = {.arena = arena};
    struct stat st;
    CLEANUP_FD int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s", path);
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > max_bytes)
        return shared_fail(err, SHARED_ETOOBIG, 0, "%s has %ju bytes; at most %zu are read", path,
                           (uintmax_t)st.st_size, max_bytes);
    for (;;) {
        if (!make_room(&taken, max_bytes))
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
        ssize_t got = read(fd, taken.data + taken.size, taken.capacity - taken.size - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return shared_fail(err, SHARED_EIO, errno, "read %s", path);
        if (got == 0)
            break;
        taken.size += (size_t)got;
        if (taken.size > max_bytes)
            return shared_fail(err, SHARED_ETOOBIG, 0, "%s has more than %zu bytes; at most these are read",
                               path, max_bytes);
    }
    taken.data[taken.size] = '\0';
    *content = shared_slice_of(taken.data, taken.size);
    return 0;
}
