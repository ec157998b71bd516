#include "content/content_inner.h"

struct hash content_digest(const void *data, size_t size_bytes)
{
    return hash_bytes(shared_slice_of(data, size_bytes));
}
