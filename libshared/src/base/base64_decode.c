#include "base/base64.h"

#include <string.h>

#define NOT_BASE64 0x80u

/* 64 writes a call cost less than a table in every program. */
static void make_table(unsigned char table[256])
{
    memset(table, NOT_BASE64, 256);
    for (unsigned i = 0; i < 26; i++) {
        table['A' + i] = (unsigned char)i;
        table['a' + i] = (unsigned char)(26 + i);
    }
    for (unsigned i = 0; i < 10; i++)
        table['0' + i] = (unsigned char)(52 + i);
    table['+'] = 62;
    table['/'] = 63;
}

/* The last group, which may end in one or two "=". Returns how many bytes it gives, 0 where it is wrong. */
static size_t decode_last(char *out, const unsigned char *in, const unsigned char *table)
{
    size_t size = in[3] != '=' ? 3 : in[2] != '=' ? 2 : 1;
    unsigned third = size >= 2 ? table[in[2]] : 0;
    unsigned fourth = size == 3 ? table[in[3]] : 0;
    unsigned first = table[in[0]], second = table[in[1]];
    if ((first | second | third | fourth) & NOT_BASE64)
        return 0;
    unsigned bits = first << 18 | second << 12 | third << 6 | fourth;
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(bits >> (16 - 8 * i));
    return size;
}

bool shared_base64_decode(char *out, size_t *out_bytes, struct shared_slice text)
{
    *out_bytes = 0;
    if (text.size_bytes == 0)
        return true;
    if (text.size_bytes % 4)
        return false;

    unsigned char table[256];
    make_table(table);
    const unsigned char *in = (const unsigned char *)text.data, *last = in + text.size_bytes - 4;
    char *at = out;
    for (; in < last; in += 4, at += 3) {
        unsigned a = table[in[0]], b = table[in[1]], c = table[in[2]], d = table[in[3]];
        if ((a | b | c | d) & NOT_BASE64)
            return false;
        at[0] = (char)(a << 2 | b >> 4);
        at[1] = (char)(b << 4 | c >> 2);
        at[2] = (char)(c << 6 | d);
    }
    size_t size = decode_last(at, last, table);
    *out_bytes = (size_t)(at - out) + size;
    return size > 0;
}
