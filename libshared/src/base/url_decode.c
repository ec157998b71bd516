#include "base/url_decode.h"

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that %xx stands for, -1 where text does not begin with one. */
static int escaped_byte(const char *text)
{
    int high = text[0] == '%' ? digit_value(text[1]) : -1;
    int low = high >= 0 ? digit_value(text[2]) : -1;
    return low >= 0 ? high << 4 | low : -1;
}

bool shared_url_decode(char *text)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        int byte = escaped_byte(in);
        if (byte == 0)
            return false;
        if (byte > 0)
            in += 2;
        *out++ = byte > 0 ? (char)byte : *in == '+' ? ' ' : *in;
    }
    *out = '\0';
    return true;
}
