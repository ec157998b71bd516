#include "json/json_write.h"

void shared_json_write_decimal(struct shared_buffer *buffer, int64_t number, int decimals)
{
    char text[24], *digit = text + sizeof(text);
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    for (; decimals > 0 && left % 10 == 0; decimals--)
        left /= 10;
    do {
        *--digit = (char)('0' + left % 10);
        left /= 10;
        if (--decimals == 0)
            *--digit = '.';
    } while (left || decimals >= 0);
    if (number < 0)
        *--digit = '-';
    shared_buffer_append(buffer, digit, (size_t)(text + sizeof(text) - digit));
}
