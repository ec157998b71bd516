/* lock_value.h - what may stand in a lock, and in the options of what writes one. */
#ifndef PACKER_LOCK_VALUE_H
#define PACKER_LOCK_VALUE_H

#include "base/hash.h"

#include <shared/slice.h>

#include <stdbool.h>

#define LOCK_DATE_BYTES 11 /* 2026-11-23 and a NUL */

/* A day of the Gregorian calendar from 1970 to 9999, as ISO 8601 writes it; such texts sort as their days do. */
bool lock_date_is_valid(struct shared_slice text);

/* 32 bytes as RFC 4648 encodes them (section 4), with no bit set that stands for none. */
bool lock_sha256_is_valid(struct shared_slice text);

/* 32 lower-case hex digits, as hash_to_text writes them. */
bool lock_hash_read(struct shared_slice text, struct hash *hash);

/* What is wrong with a layer's name, as the end of a sentence, or NULL. */
const char *lock_refuse_layer_name(const char *name);

#endif
