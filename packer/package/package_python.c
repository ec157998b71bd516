#include "package/package_python.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "base/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CACHE "__pycache__"
#define ENDING ".pyc"
#define HEADER_BYTES 16              /* magic, flags, mtime, size: PEP 552 */
#define ZIP_TIME UINT32_C(315532800) /* 1980-01-01 00:00:00, in seconds since 1970 */

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}

/* "x/__pycache__/y.cpython-313.pyc" */
static bool is_cached(const struct package_entry *entry)
{
    size_t folder = (size_t)(path_base(entry->place) - entry->place), name = strlen(CACHE "/");
    return (entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE) && folder >= name &&
           memcmp(entry->place + folder - name, CACHE "/", name) == 0 &&
           (folder == name || entry->place[folder - name - 1] == '/') && ends_with(entry->place, ENDING);
}

static uint32_t number_at(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Magic numbers end in "\r\n" (importlib/_bootstrap_external.py). What is shorter than a header is no module. */
static bool is_stale(const char *source)
{
    unsigned char header[HEADER_BYTES];
    CLEANUP_FD int fd = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got;
    do
        got = fd < 0 ? 0 : read(fd, header, sizeof(header));
    while (got < 0 && errno == EINTR);
    return got == HEADER_BYTES && header[2] == '\r' && header[3] == '\n' && number_at(header + 4) == 0 &&
           number_at(header + 8) != ZIP_TIME;
}

static bool has_link_to_cached(const struct package *package)
{
    for (size_t i = 0; i < package->count; i++) {
        const char *target = package->entries[i].target;
        if (target && (strstr(target, CACHE) || ends_with(target, ENDING)))
            return true;
    }
    return false;
}

static void drop(struct package *package, struct package_stale *stale)
{
    size_t kept = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < package->count; i++) {
        const struct package_entry *entry = &package->entries[i];
        if (is_cached(entry) && is_stale(entry->source)) {
            stale->files++;
            stale->bytes += entry->size_bytes;
            continue;
        }
        if (__builtin_add_overflow(bytes, entry->size_bytes, &bytes))
            bytes = UINT64_MAX;
        package->entries[kept++] = *entry;
    }
    package->count = kept;
    package->unzipped_bytes = bytes;
}

struct dropping {
    const struct manifest *manifest;
    struct package *packages;
    struct package_stale *stale; /* of each */
};

static int drop_next(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    struct dropping *all = user;
    const char *runtime = all->manifest->functions[index].runtime;
    (void)worker, (void)err;
    if (runtime && strncmp(runtime, "python", strlen("python")) == 0 &&
        !has_link_to_cached(&all->packages[index]))
        drop(&all->packages[index], &all->stale[index]);
    return 0;
}

int package_drop_stale(const struct manifest *manifest, unsigned threads, struct package *packages,
                       struct package_stale *stale, struct shared_error *err)
{
    size_t count = manifest->function_count;
    CLEANUP_FREE struct package_stale *each = calloc(count + 1, sizeof(*each));
    *stale = (struct package_stale){0};
    if (!each)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look at what Python compiled");
    struct dropping all = {manifest, packages, each};
    int status = pool_run(threads, count, drop_next, &all, err);
    for (size_t i = 0; i < count; i++) {
        stale->files += each[i].files;
        stale->bytes += each[i].bytes;
    }
    return status;
}
