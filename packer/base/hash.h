/* hash.h - XXH3-128 of contents, to tell whether something changed. Not against an adversary. */
#ifndef PACKER_HASH_H
#define PACKER_HASH_H

#include <shared/error.h>
#include <shared/slice.h>

#include <stdint.h>

/* Canonical form: the same on every machine. */
struct hash {
    unsigned char bytes[16];
};

#define HASH_TEXT_BYTES 33 /* 32 hex digits and a NUL */

struct hash hash_bytes(struct shared_slice content);
int hash_file(const char *path, struct hash *hash, struct shared_error *err);
void hash_to_text(const struct hash *hash, char text[HASH_TEXT_BYTES]);

#endif
