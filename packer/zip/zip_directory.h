/*
 * zip_directory.h - what is in a zip, as its central directory has it (APPNOTE 6.3.10, 4.3.12 to 4.3.16): the inner
 * steps of reading one, of which nothing is trusted.
 *
 * Refused as damaged: anything behind the end of the directory or between it and its end; more than one disk;
 * encryption; methods but stored and deflated; a name that is not safe (path_is_safe_place), or that the slash at its
 * end and the mode take for different things; a mode that is neither a file's, a folder's nor a symlink's, or with which
 * Lambda could not read the file.
 */
#ifndef PACKER_ZIP_DIRECTORY_H
#define PACKER_ZIP_DIRECTORY_H

#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZIP_DIRECTORY_LIMIT_BYTES (512u << 20) /* larger ones are not read: 4 million entries have less */

#define ZIP_FLAG_ENCRYPTED 1u
#define ZIP_FLAG_DESCRIBED 8u /* sizes and CRC follow the stream: APPNOTE 4.3.9 */

struct zip_item {
    const char *place; /* a folder's ends in a slash */
    enum package_kind kind;
    unsigned mode; /* type and permissions */
    uint16_t flags, method, time, date;
    uint32_t crc;
    uint64_t stream_bytes, size_bytes;
    uint64_t offset; /* of its local header */
};

struct zip_directory {
    struct zip_item *items; /* by offset */
    size_t count;
    uint64_t unzipped_bytes;
    uint64_t offset; /* where it begins: the end of the last item */
    uint64_t file_bytes;
};

/* An open zip, and how it is called in messages. */
struct zip_file {
    int fd;
    uint64_t size_bytes;
    const char *path;
};

/*
 * Reads it into the arena, which may grow to three times the directory's size. SHARED_EPROTO says what is damaged and
 * at which byte; SHARED_EIO, SHARED_ENOMEM, SHARED_ETOOBIG.
 */
int zip_directory_read(const struct zip_file *file, struct shared_arena *arena,
                       struct zip_directory *directory, struct shared_error *err);

/* Fills data from an offset; SHARED_EPROTO where the file ends before. */
int zip_file_read(const struct zip_file *file, uint64_t offset, void *data, size_t size_bytes,
                  struct shared_error *err);

/* "byte 1234: what", SHARED_EPROTO; which zip it is in is the caller's to say. */
int zip_damaged(uint64_t offset, struct shared_error *err, const char *what, ...)
    __attribute__((format(printf, 3, 4)));

/* What is wrong with a "version needed to extract" (APPNOTE 4.4.3), or NULL. */
const char *zip_version_check(unsigned version);

/*
 * Replaces sizes and offset that are 2^32 - 1 by those of a zip64 extra field (APPNOTE 4.5.3); each pointer may be NULL.
 * Returns what is wrong, or NULL: also of a field that gives some readers another name or mode.
 */
const char *zip_extra_read(const unsigned char *extra, size_t size_bytes, uint64_t *unzipped,
                           uint64_t *zipped, uint64_t *offset);

/* Little-endian numbers: APPNOTE 4.4.1.1. */
static inline uint16_t zip_u16(const unsigned char *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t zip_u32(const unsigned char *p)
{
    return zip_u16(p) | (uint32_t)zip_u16(p + 2) << 16;
}

static inline uint64_t zip_u64(const unsigned char *p)
{
    return zip_u32(p) | (uint64_t)zip_u32(p + 4) << 32;
}

#endif
