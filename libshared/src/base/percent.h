/* percent.h - percent-encoding (RFC 3986, section 2.1). */
#ifndef SHARED_BASE_PERCENT_H
#define SHARED_BASE_PERCENT_H

#include <stdbool.h>

static inline int shared_percent_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that %xx stands for, -1 where a text, which ends in NUL, does not begin with one. */
static inline int shared_percent_byte(const char *text)
{
    int high = text[0] == '%' ? shared_percent_digit(text[1]) : -1;
    int low = high >= 0 ? shared_percent_digit(text[2]) : -1;
    return low >= 0 ? high << 4 | low : -1;
}

/* As shared_percent_decode, where a + stands for plus; inline, as a program seldom has both kinds. */
static inline bool shared_percent_decode_with(char *text, char plus)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        int byte = shared_percent_byte(in);
        if (byte == 0)
            return false;
        if (byte > 0)
            in += 2;
        *out++ = byte > 0 ? (char)byte : *in == '+' ? plus : *in;
    }
    *out = '\0';
    return true;
}

/*
 * Decodes a NUL-terminated text in place; a % without two hexadecimal digits stays, and so does a +. Returns
 * false where %00 would end the text early; the text is then of no use.
 */
bool shared_percent_decode(char *text);

#endif
