#include "base/slice_part.h"

#include <string.h>

bool slice_begins(struct shared_slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size_bytes >= size && memcmp(text.data, prefix, size) == 0;
}

struct shared_slice slice_base(struct shared_slice path)
{
    const char *slash = path.size_bytes ? memrchr(path.data, '/', path.size_bytes) : NULL;
    size_t skip = slash ? (size_t)(slash + 1 - path.data) : 0;
    return shared_slice_of(path.data + skip, path.size_bytes - skip);
}
