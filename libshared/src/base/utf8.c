#include "base/utf8.h"

/* RFC 3629, section 4: the second byte rules out overlong forms, surrogates and what is over U+10FFFF. */
size_t shared_utf8_size(const char *text, size_t size_bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    if (size_bytes == 0)
        return 0;
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    unsigned low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (size > size_bytes)
        return 0;
    for (size_t i = 1; i < size; i++, low = 0x80, high = 0xBF) {
        if (p[i] < low || p[i] > high)
            return 0;
    }
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
