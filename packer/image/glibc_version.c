#include "image/glibc_version.h"

bool glibc_version_number(struct shared_slice text, uint64_t *number)
{
    uint64_t sum = 0;
    for (int part = 0; part < 3; part++) {
        unsigned long long value = 0;
        if (text.data && !shared_slice_to_number(shared_slice_split(&text, '.'), 0xFFFF, &value))
            return false;
        sum = sum << 16 | value;
    }
    *number = sum;
    return !text.data && sum > 0;
}
