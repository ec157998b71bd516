#include <shared/slice.h>

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct shared_slice shared_slice_trim(struct shared_slice slice)
{
    while (slice.size_bytes > 0 && is_space(slice.data[0])) {
        slice.data++;
        slice.size_bytes--;
    }
    while (slice.size_bytes > 0 && is_space(slice.data[slice.size_bytes - 1]))
        slice.size_bytes--;
    return slice;
}

struct shared_slice shared_slice_split(struct shared_slice *rest, char separator)
{
    struct shared_slice first = *rest;
    const char *end = first.size_bytes ? memchr(first.data, separator, first.size_bytes) : NULL;
    if (!end) {
        *rest = shared_slice_of(NULL, 0);
        return first;
    }
    first.size_bytes = (size_t)(end - first.data);
    *rest = shared_slice_of(end + 1, rest->size_bytes - first.size_bytes - 1);
    return first;
}
