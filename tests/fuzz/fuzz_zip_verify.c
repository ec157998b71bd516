/* fuzz_zip_verify.c - any bytes as a zip that is to be verified. */
#include "fuzz_target.h"

#include "base/path.h"
#include "zip/zip_verify.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void check(const struct zip_verified *verified, size_t size)
{
    uint64_t unzipped = 0;
    FUZZ_PROMISE(verified->zip.zip_bytes == size);
    FUZZ_PROMISE(strlen(verified->zip.sha256) == LOCK_SHA256_BYTES - 1);
    for (size_t i = 0; i < verified->package.count; i++) {
        const struct package_entry *entry = &verified->package.entries[i];
        const char *why;
        size_t length = strlen(entry->place);
        FUZZ_PROMISE(i == 0 || strcmp(entry[-1].place, entry->place) < 0);
        FUZZ_PROMISE((entry->kind == PACKAGE_FOLDER) == (entry->place[length - 1] == '/'));
        FUZZ_PROMISE(entry->kind == PACKAGE_FOLDER || path_is_safe_place(entry->place, &why));
        FUZZ_PROMISE((entry->target != NULL) == (entry->kind == PACKAGE_SYMLINK));
        FUZZ_PROMISE(!entry->target || entry->target[0] != '/');
        unzipped += entry->size_bytes;
    }
    FUZZ_PROMISE(verified->zip.unzipped_bytes == unzipped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct zip_verified verified;
    int fd = memfd_create("zip", MFD_CLOEXEC);
    FUZZ_PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    const struct zip_file file = {fd, size, "fuzzed.zip"};
    int status = zip_verify_file(&file, &arena, &verified, &err);
    if (status == 0)
        check(&verified, size);
    else
        FUZZ_PROMISE(status == SHARED_EPROTO && err.code == SHARED_EPROTO && err.text[0] != '\0');
    shared_arena_clean_up(&arena);
    close(fd);
    return 0;
}
