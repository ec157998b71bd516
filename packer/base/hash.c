#include "base/hash.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define READ_BYTES (256u << 10)

static struct hash canonical(XXH128_hash_t value)
{
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, value);
    struct hash hash;
    memcpy(hash.bytes, bytes.digest, sizeof(hash.bytes));
    return hash;
}

struct hash hash_bytes(struct shared_slice content)
{
    return canonical(XXH3_128bits(content.data, content.size_bytes));
}

static void free_state(XXH3_state_t **state)
{
    XXH3_freeState(*state);
}

int hash_file(const char *path, struct hash *hash, struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    uint64_t there;
    int status = file_open(path, &fd, &there, err);
    if (status < 0)
        return status;
    CLEANUP_FREE char *buffer = malloc(READ_BYTES);
    CLEANUP(free_state) XXH3_state_t *state = XXH3_createState();
    if (!buffer || !state)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to hash %s", path);

    XXH3_128bits_reset(state);
    ssize_t size;
    while ((size = read(fd, buffer, READ_BYTES)) != 0) {
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return shared_fail(err, SHARED_EIO, errno, "read %s", path);
        XXH3_128bits_update(state, buffer, (size_t)size);
    }
    *hash = canonical(XXH3_128bits_digest(state));
    return 0;
}

void hash_to_text(const struct hash *hash, char text[HASH_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof(hash->bytes); i++) {
        text[2 * i] = digits[hash->bytes[i] >> 4];
        text[2 * i + 1] = digits[hash->bytes[i] & 15];
    }
    text[HASH_TEXT_BYTES - 1] = '\0';
}
