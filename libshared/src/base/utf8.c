#include "base/utf8.h"

#include <string.h>

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t shared_utf8_size(const char *text, size_t size_bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    if (size_bytes == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;

    size_t size = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || size_bytes < size)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if (!continues(p[i]))
            return 0;
    }
    /* RFC 3629, section 4: the second byte rules out overlong forms, surrogates and what is over U+10FFFF. */
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return size;
}

bool shared_utf8_valid(const char *text, size_t size_bytes)
{
    while (size_bytes > 0) {
        size_t size = shared_utf8_size(text, size_bytes);
        if (size == 0)
            return false;
        text += size;
        size_bytes -= size;
    }
    return true;
}
