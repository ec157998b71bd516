#include "zip/zip_record.h"

#include "base/cleanup.h"
#include "content/content.h"
#include "zip/zip_sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <xxhash.h>
#include <zip.h>

#define SECOND_NS 1000000000
#define LONGEST_WAIT_MS 20

/* As it is in the file; no byte of it is padding. */
struct record {
    char magic[8];
    struct hash input;
    uint64_t device, inode, mtime_ns, ctime_ns;
    uint64_t zip_bytes, unzipped_bytes;
    struct hash content;
    char sha256[48];
    uint64_t checksum; /* of all before it */
};

_Static_assert(sizeof(struct record) == 8 + 16 + 6 * 8 + 16 + 48 + 8, "no padding");

static const char magic[8] = "zip.rec";

static uint64_t checksum_of(const struct record *record)
{
    return XXH3_64bits(record, offsetof(struct record, checksum));
}

static uint64_t in_ns(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * SECOND_NS + (uint64_t)time->tv_nsec;
}

struct hash zip_record_input(const struct hash *content, enum manifest_level level)
{
    char digits[HASH_TEXT_BYTES], text[256];
    hash_to_text(content, digits);
    int size = snprintf(text, sizeof(text), "%s\n%s\n%s\nlibzip %s\n", digits, content_codec(level, false),
                        content_codec(level, true), zip_libzip_version());
    return hash_bytes(shared_slice_of(text, (size_t)size < sizeof(text) ? (size_t)size : sizeof(text) - 1));
}

static void set_stat(struct record *record, const struct stat *st)
{
    record->device = st->st_dev;
    record->inode = st->st_ino;
    record->mtime_ns = in_ns(&st->st_mtim);
    record->ctime_ns = in_ns(&st->st_ctim);
}

/* *written_ns is when the record itself was written, by the clock of the disk. */
static bool read_record(const char *path, struct record *record, uint64_t *written_ns)
{
    CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0 || st.st_size != sizeof(*record) ||
        read(fd, record, sizeof(*record)) != (ssize_t)sizeof(*record))
        return false;
    *written_ns = in_ns(&st.st_mtim);
    return memcmp(record->magic, magic, sizeof(magic)) == 0 && record->checksum == checksum_of(record) &&
           record->sha256[LOCK_SHA256_BYTES - 1] == '\0';
}

/* Neither atomic nor durable: half a record, or none, costs a zip written once more. On a full disk none is left. */
static int write_record(const char *path, struct record *record, struct shared_error *err)
{
    record->checksum = checksum_of(record);
    CLEANUP_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    ssize_t put = fd < 0 ? -1 : write(fd, record, sizeof(*record));
    if (put == (ssize_t)sizeof(*record))
        return 0;
    int failure = put < 0 ? errno : ENOSPC;
    if (fd >= 0)
        unlink(path);
    return shared_fail(err, SHARED_EIO, failure, "write %s", path);
}

bool zip_record_is_current(const char *path, const struct hash *input, const char *zip_path,
                           struct lock_zip *zip)
{
    struct record record, now;
    uint64_t written_ns;
    struct stat st;
    if (!read_record(path, &record, &written_ns) || memcmp(&record.input, input, sizeof(*input)) != 0 ||
        stat(zip_path, &st) < 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != record.zip_bytes)
        return false;
    now = record;
    set_stat(&now, &st);
    bool racy = now.ctime_ns >= written_ns || now.mtime_ns >= written_ns;
    if (racy || memcmp(&now, &record, sizeof(now)) != 0) {
        char sha256[LOCK_SHA256_BYTES];
        if (zip_sha256_file(zip_path, sha256, NULL) < 0 || strcmp(sha256, record.sha256) != 0)
            return false;
        write_record(path, &now, NULL);
    }
    *zip = (struct lock_zip){
        .zip_bytes = record.zip_bytes, .unzipped_bytes = record.unzipped_bytes, .content = record.content};
    memcpy(zip->sha256, record.sha256, sizeof(zip->sha256));
    return true;
}

void zip_record_wait(const char *path)
{
    const struct timespec tick = {0, SECOND_NS / 1000};
    struct timespec now;
    struct stat st;
    if (stat(path, &st) < 0)
        return;
    for (int i = 0; i < LONGEST_WAIT_MS && clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0; i++) {
        if (in_ns(&now) > in_ns(&st.st_ctim))
            return;
        nanosleep(&tick, NULL);
    }
}

int zip_record_write(const char *path, const struct hash *input, const char *zip_path,
                     const struct lock_zip *zip, struct shared_error *err)
{
    struct record record = {.input = *input,
                            .zip_bytes = zip->zip_bytes,
                            .unzipped_bytes = zip->unzipped_bytes,
                            .content = zip->content};
    struct stat st;
    if (stat(zip_path, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "look at %s", zip_path);
    memcpy(record.magic, magic, sizeof(magic));
    memcpy(record.sha256, zip->sha256, sizeof(zip->sha256));
    set_stat(&record, &st);
    return write_record(path, &record, err);
}
