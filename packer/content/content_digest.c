#include "content/content_inner.h"

#include <string.h>
#include <xxhash.h>

/*
 * libxxhash for x86_64 has each loop for several widths of vectors, and functions that take the widest that the processor
 * has: twice as fast. Not every build of it has them.
 */
#pragma weak XXH3_128bits_dispatch
#pragma weak XXH3_128bits_update_dispatch
extern XXH128_hash_t XXH3_128bits_dispatch(const void *data, size_t size_bytes);
extern XXH_errorcode XXH3_128bits_update_dispatch(XXH3_state_t *state, const void *data, size_t size_bytes);

static struct hash canonical(XXH128_hash_t value)
{
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, value);
    struct hash hash;
    memcpy(hash.bytes, bytes.digest, sizeof(hash.bytes));
    return hash;
}

struct hash content_digest(const void *data, size_t size_bytes)
{
    return canonical(XXH3_128bits_dispatch ? XXH3_128bits_dispatch(data, size_bytes)
                                           : XXH3_128bits(data, size_bytes));
}

struct XXH3_state_s *content_digest_begin(void)
{
    XXH3_state_t *state = XXH3_createState();
    if (state)
        XXH3_128bits_reset(state);
    return state;
}

void content_digest_add(struct XXH3_state_s *state, const void *data, size_t size_bytes)
{
    if (XXH3_128bits_update_dispatch)
        XXH3_128bits_update_dispatch(state, data, size_bytes);
    else
        XXH3_128bits_update(state, data, size_bytes);
}

struct hash content_digest_end(const struct XXH3_state_s *state)
{
    return canonical(XXH3_128bits_digest(state));
}

void content_digest_free(struct XXH3_state_s *state)
{
    XXH3_freeState(state);
}
