#include <shared/slice.h>

bool shared_slice_to_number(struct shared_slice slice, unsigned long long max, unsigned long long *value)
{
    unsigned long long sum = 0;
    if (slice.size_bytes == 0)
        return false;
    for (size_t i = 0; i < slice.size_bytes; i++) {
        unsigned digit = (unsigned)(slice.data[i] - '0');
        if (digit > 9 || sum > max / 10 || digit > max - sum * 10)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}
