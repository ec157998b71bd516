#include "zip/zip_directory.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "package/package_shown.h"
#include "zip/zip_mode.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define END_BYTES 22
#define END_SIGNATURE 0x06054b50
#define END64_BYTES 56
#define END64_SIGNATURE 0x06064b50
#define LOCATOR_BYTES 20
#define LOCATOR_SIGNATURE 0x07064b50
#define ENTRY_BYTES 46
#define ENTRY_SIGNATURE 0x02014b50
#define LOCAL_BYTES 30

#define FLAGS_KNOWN 0x080e /* level of deflate, descriptor, UTF-8 */
#define VERSION_MOST 63    /* 6.3, that of the last APPNOTE: readers give up at a later one */
#define EXTRA_ZIP64 1
#define METHOD_STORED 0
#define METHOD_DEFLATED 8

int zip_damaged(uint64_t offset, struct shared_error *err, const char *what, ...)
{
    char text[SHARED_ERROR_TEXT_BYTES];
    va_list args;
    va_start(args, what);
    vsnprintf(text, sizeof(text), what, args);
    va_end(args);
    return shared_fail(err, SHARED_EPROTO, 0, "byte %ju: %s", (uintmax_t)offset, text);
}

int zip_file_read(const struct zip_file *file, uint64_t offset, void *data, size_t size_bytes,
                  struct shared_error *err)
{
    if (offset > file->size_bytes || size_bytes > file->size_bytes - offset)
        return zip_damaged(file->size_bytes, err, "the file ends too early");
    for (size_t done = 0; done < size_bytes;) {
        ssize_t got = pread(file->fd, (char *)data + done, size_bytes - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return shared_fail(err, SHARED_EIO, errno, "read %s", package_shown(file->path).text);
        if (got == 0)
            return shared_fail(err, SHARED_EIO, 0, "%s became shorter while it was being read",
                               package_shown(file->path).text);
        done += (size_t)got;
    }
    return 0;
}

/* Where the directory is, in the words of the end of the file. */
struct end {
    uint64_t count, size_bytes, offset;
    uint64_t at; /* of itself: where the directory must end */
};

static bool is_one_disk(uint32_t disk, uint32_t start_disk, uint64_t disk_count, uint64_t count)
{
    return disk == 0 && start_disk == 0 && disk_count == count;
}

/* Whether a number of the end is that of zip64, or says that it is there. */
static bool is_told(uint64_t number, uint64_t most, uint64_t zip64)
{
    return number == most || number == zip64;
}

/* Some writers add one where all numbers would fit without; 65,535 entries need none. */
static int read_end64(const struct zip_file *file, struct end *end, struct shared_error *err)
{
    unsigned char locator[LOCATOR_BYTES], bytes[END64_BYTES];
    uint64_t at = end->at;
    if (at < LOCATOR_BYTES + END64_BYTES)
        return 0;
    int status = zip_file_read(file, at - LOCATOR_BYTES, locator, sizeof(locator), err);
    if (status < 0 || zip_u32(locator) != LOCATOR_SIGNATURE)
        return status;
    if (zip_u32(locator + 4) != 0 || zip_u32(locator + 16) != 1 ||
        zip_u64(locator + 8) != at - LOCATOR_BYTES - END64_BYTES)
        return zip_damaged(at - LOCATOR_BYTES, err, "the locator of zip64 is wrong");
    const struct end plain = *end;
    end->at = at - LOCATOR_BYTES - END64_BYTES;
    status = zip_file_read(file, end->at, bytes, sizeof(bytes), err);
    if (status < 0)
        return status;
    end->count = zip_u64(bytes + 32);
    end->size_bytes = zip_u64(bytes + 40);
    end->offset = zip_u64(bytes + 48);
    if (zip_u32(bytes) != END64_SIGNATURE || zip_u64(bytes + 4) != END64_BYTES - 12 ||
        !is_one_disk(zip_u32(bytes + 16), zip_u32(bytes + 20), zip_u64(bytes + 24), end->count) ||
        !is_told(plain.count, UINT16_MAX, end->count) ||
        !is_told(plain.size_bytes, UINT32_MAX, end->size_bytes) ||
        !is_told(plain.offset, UINT32_MAX, end->offset))
        return zip_damaged(end->at, err, "the end of the zip64 directory is wrong");
    return 0;
}

/* The end must be the last that is in the file: a comment could hide another one. */
static int read_end(const struct zip_file *file, struct end *end, struct shared_error *err)
{
    unsigned char bytes[END_BYTES];
    if (file->size_bytes < END_BYTES)
        return zip_damaged(file->size_bytes, err, "the file ends too early to be a zip");
    end->at = file->size_bytes - END_BYTES;
    int status = zip_file_read(file, end->at, bytes, sizeof(bytes), err);
    if (status < 0)
        return status;
    if (zip_u32(bytes) != END_SIGNATURE || zip_u16(bytes + 20) != 0)
        return zip_damaged(end->at, err,
                           "there is no end of a directory: no zip, cut off, or something is behind its end");
    end->count = zip_u16(bytes + 10);
    end->size_bytes = zip_u32(bytes + 12);
    end->offset = zip_u32(bytes + 16);
    if (!is_one_disk(zip_u16(bytes + 4), zip_u16(bytes + 6), zip_u16(bytes + 8), end->count))
        return zip_damaged(end->at, err, "it is a part of a zip of several disks");
    status = read_end64(file, end, err);
    if (status < 0)
        return status;
    if (end->offset > end->at || end->size_bytes != end->at - end->offset)
        return zip_damaged(end->at, err, "the directory is not where its end says");
    if (end->count > end->size_bytes / ENTRY_BYTES)
        return zip_damaged(end->at, err, "%ju entries do not fit into the directory", (uintmax_t)end->count);
    return 0;
}

/* By these some readers give a file another name or mode than the one that is seen here. */
static bool is_misleading(unsigned id)
{
    return id == 0x7075 /* Info-ZIP's Unicode path */ || id == 0x756e /* ASi's Unix mode */ ||
           id == 0x6c78 /* libarchive's attributes */;
}

const char *zip_version_check(unsigned version)
{
    return version > VERSION_MOST ? "needs a version of the format that there is none of" : NULL;
}

const char *zip_extra_read(const unsigned char *extra, size_t size_bytes, uint64_t *unzipped,
                           uint64_t *zipped, uint64_t *offset)
{
    uint64_t *const wanted[] = {unzipped, zipped, offset};
    const unsigned char *zip64 = NULL;
    size_t left = 0;
    while (size_bytes >= 4) {
        size_t field = zip_u16(extra + 2);
        if (field > size_bytes - 4)
            break;
        if (is_misleading(zip_u16(extra)))
            return "has an extra field with another name or mode";
        if (zip_u16(extra) == EXTRA_ZIP64 && zip64)
            return "has two zip64 extra fields";
        if (zip_u16(extra) == EXTRA_ZIP64) {
            zip64 = extra + 4;
            left = field;
        }
        extra += 4 + field;
        size_bytes -= 4 + field;
    }
    if (size_bytes > 0)
        return "has an extra field that is cut off";
    for (size_t i = 0; i < 3; i++) {
        if (!wanted[i] || *wanted[i] != UINT32_MAX)
            continue;
        if (left < 8)
            return "has no zip64 extra field for a size that needs one";
        *wanted[i] = zip_u64(zip64);
        zip64 += 8;
        left -= 8;
    }
    return NULL;
}

static const char *set_kind(struct zip_item *item, bool folder)
{
    switch (item->mode & S_IFMT) {
    case S_IFREG:
        item->kind = item->mode & S_IXUSR ? PACKAGE_EXECUTABLE : PACKAGE_FILE;
        break;
    case S_IFDIR:
        item->kind = PACKAGE_FOLDER;
        break;
    case S_IFLNK:
        item->kind = PACKAGE_SYMLINK;
        break;
    default:
        return "is neither a file nor a folder nor a symlink";
    }
    if (folder != (item->kind == PACKAGE_FOLDER))
        return "is a folder by its name or by its mode, but not by both";
    if (item->kind == PACKAGE_FOLDER && item->size_bytes > 0)
        return "is a folder with content";
    return zip_mode_check(item->mode, item->kind);
}

static const char *check_item(const struct zip_item *item)
{
    if (item->flags & ZIP_FLAG_ENCRYPTED)
        return "is encrypted";
    if (item->flags & ~FLAGS_KNOWN)
        return "has flags that are not known";
    if (item->method != METHOD_STORED && item->method != METHOD_DEFLATED)
        return "has a method other than stored and deflated";
    if (item->method == METHOD_STORED && item->stream_bytes != item->size_bytes)
        return "is stored, but has two sizes";
    return NULL;
}

/* A copy of the name, checked; *why says what is wrong where that is NULL and memory is not exhausted. */
static const char *take_name(const unsigned char *name, size_t size_bytes, bool *folder,
                             struct shared_arena *arena, const char **why)
{
    char *place = shared_arena_copy(arena, shared_slice_of(name, size_bytes));
    *why = NULL;
    if (!place)
        return NULL;
    *folder = size_bytes > 1 && place[size_bytes - 1] == '/';
    if (*folder)
        place[size_bytes - 1] = '\0';
    if (strlen(place) + *folder != size_bytes)
        *why = "has a NUL in its name";
    else
        path_is_safe_place(place, why);
    if (*folder)
        place[size_bytes - 1] = '/';
    return place;
}

/* One entry of the directory; *used is its size. */
static int read_entry(const struct zip_file *file, const unsigned char *p, size_t left, uint64_t at,
                      struct shared_arena *arena, struct zip_item *item, size_t *used,
                      struct shared_error *err)
{
    if (left < ENTRY_BYTES || zip_u32(p) != ENTRY_SIGNATURE)
        return zip_damaged(at, err, "there is no entry where the directory should have one");
    size_t name_bytes = zip_u16(p + 28), extra_bytes = zip_u16(p + 30), comment_bytes = zip_u16(p + 32);
    *used = ENTRY_BYTES + name_bytes + extra_bytes + comment_bytes;
    if (*used > left)
        return zip_damaged(at, err, "an entry of the directory is longer than the directory");
    const char *why;
    bool folder;
    item->place = take_name(p + ENTRY_BYTES, name_bytes, &folder, arena, &why);
    if (!item->place)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", package_shown(file->path).text);
    item->flags = zip_u16(p + 8);
    item->method = zip_u16(p + 10);
    item->time = zip_u16(p + 12);
    item->date = zip_u16(p + 14);
    item->crc = zip_u32(p + 16);
    item->stream_bytes = zip_u32(p + 20);
    item->size_bytes = zip_u32(p + 24);
    item->offset = zip_u32(p + 42);
    if (!why)
        why = zip_extra_read(p + ENTRY_BYTES + name_bytes, extra_bytes, &item->size_bytes,
                             &item->stream_bytes, &item->offset);
    if (!why && zip_u16(p + 34) != 0)
        why = "is on another disk";
    if (!why)
        why = zip_version_check(zip_u16(p + 6));
    if (!why)
        why = zip_mode_read(p[5], zip_u32(p + 38), folder, &item->mode);
    if (!why)
        why = check_item(item);
    if (!why)
        why = set_kind(item, folder);
    return why ? zip_damaged(at, err, "\"%s\" %s", package_shown(item->place).text, why) : 0;
}

static int by_offset(const void *left, const void *right)
{
    uint64_t a = ((const struct zip_item *)left)->offset, b = ((const struct zip_item *)right)->offset;
    return (a > b) - (a < b);
}

/* In the file they stand one behind the other: two cannot have the same bytes, which is how small zips become huge. */
static int check_order(struct zip_directory *directory, struct shared_error *err)
{
    qsort(directory->items, directory->count, sizeof(*directory->items), by_offset);
    for (size_t i = 0; i < directory->count; i++) {
        const struct zip_item *item = &directory->items[i];
        uint64_t end = i + 1 < directory->count ? item[1].offset : directory->offset;
        if (i == 0 && item->offset != 0)
            return zip_damaged(0, err, "there are bytes before the first entry");
        if (end < item->offset || end - item->offset < LOCAL_BYTES ||
            item->stream_bytes > end - item->offset - LOCAL_BYTES)
            return zip_damaged(item->offset, err, "\"%s\" does not fit in before what follows it",
                               package_shown(item->place).text);
        if (__builtin_add_overflow(directory->unzipped_bytes, item->size_bytes, &directory->unzipped_bytes))
            return zip_damaged(item->offset, err, "\"%s\" claims to be larger than any disk",
                               package_shown(item->place).text);
    }
    return 0;
}

int zip_directory_read(const struct zip_file *file, struct shared_arena *arena,
                       struct zip_directory *directory, struct shared_error *err)
{
    struct end end = {0};
    int status = read_end(file, &end, err);
    if (status < 0)
        return status;
    if (end.size_bytes > ZIP_DIRECTORY_LIMIT_BYTES)
        return shared_fail(err, SHARED_ETOOBIG, 0, "%s: its directory has %ju bytes; at most %u are read",
                           package_shown(file->path).text, (uintmax_t)end.size_bytes,
                           ZIP_DIRECTORY_LIMIT_BYTES);
    CLEANUP_FREE unsigned char *bytes = malloc(end.size_bytes + 1);
    *directory =
        (struct zip_directory){.count = end.count, .offset = end.offset, .file_bytes = file->size_bytes};
    directory->items = shared_arena_alloc(arena, end.count * sizeof(*directory->items));
    if (!bytes || !directory->items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", package_shown(file->path).text);
    status = zip_file_read(file, end.offset, bytes, end.size_bytes, err);
    size_t at = 0, used = 0;
    for (size_t i = 0; status == 0 && i < end.count; i++, at += used) {
        struct zip_item *item = &directory->items[i];
        status = read_entry(file, bytes + at, end.size_bytes - at, end.offset + at, arena, item, &used, err);
        if (status == 0 && item->offset >= end.offset)
            status =
                zip_damaged(end.offset + at, err, "\"%s\" is said to begin at %ju, behind all that is packed",
                            package_shown(item->place).text, (uintmax_t)item->offset);
    }
    if (status == 0 && at != end.size_bytes)
        status = zip_damaged(end.offset + at, err, "there are bytes behind the last entry of the directory");
    return status < 0 ? status : check_order(directory, err);
}
