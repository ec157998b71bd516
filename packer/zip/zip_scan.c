#include "zip/zip_scan.h"

#include "package/package_shown.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES (256u << 10)
#define LOCAL_BYTES 30
#define LOCAL_SIGNATURE 0x04034b50
#define DESCRIPTOR_SIGNATURE 0x08074b50
#define MOST_HEADER_BYTES (LOCAL_BYTES + 2 * UINT16_MAX)

_Static_assert(BUFFER_BYTES >= MOST_HEADER_BYTES, "a header fits into the buffer");

int zip_scan_open(struct zip_scan *scan, const struct zip_file *file, struct shared_error *err)
{
    *scan = (struct zip_scan){.file = file, .buffer = malloc(BUFFER_BYTES)};
    zip_sha256_begin(&scan->sha256);
    return scan->buffer
               ? 0
               : shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", package_shown(file->path).text);
}

void zip_scan_close(struct zip_scan *scan)
{
    free(scan->buffer);
    scan->buffer = NULL;
}

/* Sees to it that the buffer has as much, where the file has it. */
static int fill(struct zip_scan *scan, size_t wanted, struct shared_error *err)
{
    size_t there = scan->end - scan->start;
    uint64_t left = scan->file->size_bytes - scan->offset - there;
    if (there >= wanted || left == 0)
        return 0;
    memmove(scan->buffer, scan->buffer + scan->start, there);
    size_t room = BUFFER_BYTES - there, size = left < room ? (size_t)left : room;
    int status = zip_file_read(scan->file, scan->offset + there, scan->buffer + there, size, err);
    if (status < 0)
        return status;
    zip_sha256_add(&scan->sha256, shared_slice_of(scan->buffer + there, size));
    scan->start = 0;
    scan->end = there + size;
    return 0;
}

static void take(struct zip_scan *scan, size_t size_bytes)
{
    scan->start += size_bytes;
    scan->offset += size_bytes;
}

/* The next bytes, that many; they stay where they are until more is asked for. */
static int take_bytes(struct zip_scan *scan, size_t size_bytes, const unsigned char **bytes,
                      struct shared_error *err)
{
    int status = fill(scan, size_bytes, err);
    if (status == 0 && scan->end - scan->start < size_bytes)
        status = zip_damaged(scan->file->size_bytes, err, "the file ends too early");
    *bytes = scan->buffer + scan->start;
    if (status == 0)
        take(scan, size_bytes);
    return status;
}

/* Where sizes and CRC follow the stream, the header may have zeros: some tools know one of them before. */
static bool is_number(const struct zip_item *item, uint64_t number, uint64_t expected)
{
    return number == expected || (number == 0 && (item->flags & ZIP_FLAG_DESCRIBED));
}

/* APPNOTE 4.3.7. */
static const char *compare_header(const struct zip_item *item, const unsigned char *p, size_t name_bytes,
                                  size_t extra_bytes)
{
    uint64_t stream_bytes = zip_u32(p + 18), size_bytes = zip_u32(p + 22);
    const char *why =
        zip_extra_read(p + LOCAL_BYTES + name_bytes, extra_bytes, &size_bytes, &stream_bytes, NULL);
    if (!why)
        why = zip_version_check(zip_u16(p + 4));
    if (why)
        return why;
    if (name_bytes != strlen(item->place) || memcmp(p + LOCAL_BYTES, item->place, name_bytes) != 0)
        return "has another name in its header";
    if (zip_u16(p + 6) != item->flags || zip_u16(p + 8) != item->method)
        return "has other flags or another method in its header";
    if (zip_u16(p + 10) != item->time || zip_u16(p + 12) != item->date)
        return "has another time in its header";
    if (!is_number(item, zip_u32(p + 14), item->crc) || !is_number(item, stream_bytes, item->stream_bytes) ||
        !is_number(item, size_bytes, item->size_bytes))
        return "has other sizes or another CRC in its header";
    return NULL;
}

int zip_scan_item(struct zip_scan *scan, const struct zip_item *item, struct shared_error *err)
{
    struct package_shown place = package_shown(item->place);
    const unsigned char *p;
    if (scan->offset != item->offset)
        return zip_damaged(scan->offset, err, "there are bytes before \"%s\" that belong to nothing",
                           place.text);
    int status = fill(scan, MOST_HEADER_BYTES, err);
    size_t there = scan->end - scan->start;
    p = scan->buffer + scan->start;
    if (status < 0)
        return status;
    if (there < LOCAL_BYTES || zip_u32(p) != LOCAL_SIGNATURE)
        return zip_damaged(item->offset, err, "\"%s\" has no header", place.text);
    size_t name_bytes = zip_u16(p + 26), extra_bytes = zip_u16(p + 28);
    status = take_bytes(scan, LOCAL_BYTES + name_bytes + extra_bytes, &p, err);
    if (status < 0)
        return status;
    scan->stream_left = item->stream_bytes;
    const char *why = compare_header(item, p, name_bytes, extra_bytes);
    return why ? zip_damaged(item->offset, err, "\"%s\" %s", place.text, why) : 0;
}

/* APPNOTE 4.3.9: with or without a signature, with sizes of 4 or 8 bytes; what follows the item tells which. */
static int skip_descriptor(struct zip_scan *scan, const struct zip_item *item, struct shared_error *err)
{
    static const struct {
        size_t signature_bytes, size_bytes;
    } forms[] = {{4, 4}, {0, 4}, {4, 8}, {0, 8}};
    const unsigned char *p = scan->buffer + scan->start;
    size_t there = scan->end - scan->start;
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        size_t signature = forms[i].signature_bytes, size = forms[i].size_bytes;
        const unsigned char *values = p + signature;
        if (there < signature + 4 + 2 * size || (signature && zip_u32(p) != DESCRIPTOR_SIGNATURE) ||
            zip_u32(values) != item->crc)
            continue;
        uint64_t stream_bytes = size == 4 ? zip_u32(values + 4) : zip_u64(values + 4);
        uint64_t size_bytes = size == 4 ? zip_u32(values + 4 + size) : zip_u64(values + 4 + size);
        if (stream_bytes != item->stream_bytes || size_bytes != item->size_bytes)
            continue;
        take(scan, signature + 4 + 2 * size);
        return 0;
    }
    return zip_damaged(scan->offset, err, "\"%s\" is not followed by its sizes and CRC",
                       package_shown(item->place).text);
}

int zip_scan_stream(struct zip_scan *scan, const struct zip_item *item, struct shared_slice *piece,
                    struct shared_error *err)
{
    *piece = shared_slice_of(NULL, 0);
    int status = fill(scan, 1, err);
    if (status < 0)
        return status;
    size_t there = scan->end - scan->start;
    if (scan->stream_left == 0) {
        if (!(item->flags & ZIP_FLAG_DESCRIBED))
            return 0;
        status = fill(scan, 24, err);
        return status < 0 ? status : skip_descriptor(scan, item, err);
    }
    if (there == 0)
        return zip_damaged(scan->file->size_bytes, err, "the file ends too early");
    size_t size = scan->stream_left < there ? (size_t)scan->stream_left : there;
    *piece = shared_slice_of(scan->buffer + scan->start, size);
    scan->stream_left -= size;
    take(scan, size);
    return 0;
}

int zip_scan_end(struct zip_scan *scan, const struct zip_directory *directory, char sha256[LOCK_SHA256_BYTES],
                 struct shared_error *err)
{
    if (scan->offset != directory->offset)
        return zip_damaged(scan->offset, err, "there are bytes before the directory that belong to nothing");
    int status = 0;
    while (status == 0 && scan->offset < scan->file->size_bytes) {
        status = fill(scan, 1, err);
        take(scan, scan->end - scan->start);
    }
    if (status == 0)
        zip_sha256_end(&scan->sha256, sha256);
    return status;
}
