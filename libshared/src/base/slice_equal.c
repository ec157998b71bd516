#include <shared/slice.h>

#include <string.h>

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool shared_slice_equal(struct shared_slice a, struct shared_slice b)
{
    return a.size_bytes == b.size_bytes && (a.size_bytes == 0 || memcmp(a.data, b.data, a.size_bytes) == 0);
}

bool shared_slice_equal_ignore_case(struct shared_slice a, struct shared_slice b)
{
    if (a.size_bytes != b.size_bytes)
        return false;
    for (size_t i = 0; i < a.size_bytes; i++) {
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    }
    return true;
}
