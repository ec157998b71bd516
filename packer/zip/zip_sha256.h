/* zip_sha256.h - SHA-256 of a zip as Lambda's CodeSha256 has it: in base64, from pieces as they come. */
#ifndef PACKER_ZIP_SHA256_H
#define PACKER_ZIP_SHA256_H

#include "layer/lock_file.h"

#include <nettle/sha2.h>

struct zip_sha256 {
    struct sha256_ctx state;
};

void zip_sha256_begin(struct zip_sha256 *sha256);
void zip_sha256_add(struct zip_sha256 *sha256, struct shared_slice piece);
void zip_sha256_end(struct zip_sha256 *sha256, char text[LOCK_SHA256_BYTES]);

/* Of a whole file, read a piece at a time. SHARED_EIO, SHARED_ENOMEM. */
int zip_sha256_file(const char *path, char text[LOCK_SHA256_BYTES], struct shared_error *err);

#endif
