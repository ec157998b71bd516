#include "zip/zip_sha256.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <nettle/base64.h>

#define READ_BYTES (256u << 10)

_Static_assert(BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1 == LOCK_SHA256_BYTES,
               "44 characters and a NUL");

void zip_sha256_begin(struct zip_sha256 *sha256)
{
    sha256_init(&sha256->state);
}

void zip_sha256_add(struct zip_sha256 *sha256, struct shared_slice piece)
{
    sha256_update(&sha256->state, piece.size_bytes, (const uint8_t *)piece.data);
}

void zip_sha256_end(struct zip_sha256 *sha256, char text[LOCK_SHA256_BYTES])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&sha256->state, sizeof(digest), digest);
    base64_encode_raw(text, sizeof(digest), digest);
    text[LOCK_SHA256_BYTES - 1] = '\0';
}

int zip_sha256_file(const char *path, char text[LOCK_SHA256_BYTES], struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    uint64_t there;
    int status = file_open(path, &fd, &there, err);
    if (status < 0)
        return status;
    CLEANUP_FREE char *buffer = malloc(READ_BYTES);
    if (!buffer)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to hash %s", path);
    struct zip_sha256 sha256;
    zip_sha256_begin(&sha256);
    ssize_t size;
    while ((size = read(fd, buffer, READ_BYTES)) != 0) {
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return shared_fail(err, SHARED_EIO, errno, "read %s", path);
        zip_sha256_add(&sha256, shared_slice_of(buffer, (size_t)size));
    }
    zip_sha256_end(&sha256, text);
    return 0;
}
