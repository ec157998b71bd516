#include "zip/zip_input.h"

#include "base/cleanup.h"
#include "package/package_shown.h"
#include "zip/zip_mode.h"
#include "zip/zip_package_digest.h"
#include "zip/zip_scan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int fail_on_entry(const struct zip_run *run, const struct package_entry *entry, const char *what,
                         struct shared_error *err)
{
    return shared_fail(err, SHARED_EIO, 0,
                       "\"%s\": read back from the new %s, %s: run again, and if it stays so, "
                       "check the disk",
                       package_shown(entry->place).text, package_shown(run->path).text, what);
}

static int compare_item(const struct zip_run *run, const struct package_entry *entry,
                        const struct zip_item *item, struct shared_error *err)
{
    const struct content *content = entry->content;
    if (strcmp(item->place, entry->place) != 0)
        return fail_on_entry(run, entry, "the name differs", err);
    if (item->size_bytes != entry->size_bytes || item->stream_bytes != zip_stream_bytes(entry))
        return fail_on_entry(run, entry, "the size differs", err);
    if (item->mode != zip_entry_mode(entry))
        return fail_on_entry(run, entry, "the mode differs", err);
    if (content && (item->crc != content->crc || item->method != content->method))
        return fail_on_entry(run, entry, "the CRC or the method differs", err);
    return 0;
}

static int compare_stream(struct zip_run *run, struct zip_scan *scan, const struct package_entry *entry,
                          const struct zip_item *item, struct shared_error *err)
{
    struct shared_slice piece;
    uint64_t offset = 0;
    for (;;) {
        int status = zip_scan_stream(scan, item, &piece, err);
        if (status < 0 || piece.size_bytes == 0)
            return status;
        while (piece.size_bytes > 0) {
            size_t size = piece.size_bytes < ZIP_CHUNK_BYTES ? piece.size_bytes : ZIP_CHUNK_BYTES;
            ssize_t got = zip_stream_read(run, entry, offset, run->chunk, size, err);
            if (got < 0)
                return (int)got;
            if (memcmp(run->chunk, piece.data, (size_t)got) != 0)
                return fail_on_entry(run, entry, "the stream differs from what was written", err);
            offset += (uint64_t)got;
            run->bytes_verified += (uint64_t)got;
            piece = shared_slice_of(piece.data + got, piece.size_bytes - (size_t)got);
        }
        if (!zip_run_goes_on(run))
            return SHARED_EIO;
    }
}

static int compare_all(struct zip_run *run, const struct zip_file *file,
                       const struct zip_directory *directory, struct lock_zip *zip, struct shared_error *err)
{
    CLEANUP(zip_scan_close) struct zip_scan scan;
    int status = zip_scan_open(&scan, file, err);
    for (size_t i = 0; status == 0 && i < directory->count; i++) {
        const struct package_entry *entry = &run->package->entries[i];
        const struct zip_item *item = &directory->items[i];
        status = compare_item(run, entry, item, err);
        if (status == 0)
            status = zip_scan_item(&scan, item, err);
        if (status == 0)
            status = compare_stream(run, &scan, entry, item, err);
    }
    return status < 0 ? status : zip_scan_end(&scan, directory, zip->sha256, err);
}

int zip_read_back(struct zip_run *run, int fd, struct lock_zip *zip, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    struct stat st;
    if (fstat(fd, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "look at the new %s", package_shown(run->path).text);
    const struct zip_file file = {fd, (uint64_t)st.st_size, run->path};
    struct zip_directory directory;
    int status = zip_directory_read(&file, &arena, &directory, err);
    if (status == 0 && directory.count != run->package->count)
        status = shared_fail(err, SHARED_EIO, 0, "read back from the new %s: %zu entries instead of %zu",
                             package_shown(run->path).text, directory.count, run->package->count);
    if (status == 0)
        status = compare_all(run, &file, &directory, zip, err);
    zip->zip_bytes = file.size_bytes;
    if (status != SHARED_EPROTO)
        return status;
    shared_error_wrap(err, "read back from the new %s", package_shown(run->path).text);
    if (err)
        err->code = SHARED_EIO;
    return SHARED_EIO;
}
