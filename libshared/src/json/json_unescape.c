#include "json/json_scan.h"

#include <string.h>

/* Whether string has its quotes; takes them off. */
static bool take_quotes(struct shared_slice *string)
{
    size_t size = string->size_bytes;
    if (!string->data || size < 2 || string->data[0] != '"' || string->data[size - 1] != '"')
        return false;
    *string = shared_slice_of(string->data + 1, size - 2);
    return true;
}

static void skip(struct shared_slice *text, size_t size_bytes)
{
    *text = shared_slice_of(text->data + size_bytes, text->size_bytes - size_bytes);
}

/* The value of a hexadecimal digit; above 15 where it is none. */
static unsigned digit_of(char c)
{
    unsigned char letter = (unsigned char)(c | 0x20);
    return c >= '0' && c <= '9' ? (unsigned char)c - (unsigned)'0' : letter >= 'a' ? letter - 'a' + 10u : 16;
}

/* The number in \uXXXX at the begin of text; above 0xFFFF where there is none. */
static unsigned code_unit(struct shared_slice text)
{
    unsigned unit = 0;
    if (text.size_bytes < 6 || text.data[0] != '\\' || text.data[1] != 'u')
        return 0x10000;
    for (int i = 2; i < 6; i++) {
        unsigned digit = digit_of(text.data[i]);
        if (digit > 15)
            return 0x10000;
        unit = unit << 4 | digit;
    }
    return unit;
}

static size_t write_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00u >> size & 0xF0) | code);
    return size;
}

/* RFC 8259, section 7: what is beyond the Basic Multilingual Plane stands as two surrogates. */
static size_t take_unicode(struct shared_slice *rest, char *out)
{
    unsigned code = code_unit(*rest);
    skip(rest, 6);
    if (code >= 0xD800 && code < 0xDC00) {
        unsigned low = code_unit(*rest);
        if (low >= 0xDC00 && low < 0xE000) {
            skip(rest, 6);
            return write_utf8(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
        }
    }
    return write_utf8(out, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
}

/* Splits off a byte or an escape of text that is not empty; returns the size of what it means, up to 4. */
static size_t take_char(struct shared_slice *rest, char out[4])
{
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    if (code_unit(*rest) <= 0xFFFF)
        return take_unicode(rest, out);
    bool escaped = rest->data[0] == '\\' && rest->size_bytes > 1;
    if (escaped)
        skip(rest, 1);
    const char *letter = escaped ? memchr(letters, rest->data[0], sizeof(letters) - 1) : NULL;
    out[0] = letter ? meanings[letter - letters] : rest->data[0];
    skip(rest, 1);
    return 1;
}

bool shared_json_string_is(struct shared_slice string, struct shared_slice text, bool ignore_case)
{
    char meaning[4];
    if (!take_quotes(&string))
        return false;
    while (string.size_bytes > 0) {
        struct shared_slice part = shared_slice_of(meaning, take_char(&string, meaning));
        struct shared_slice other = shared_slice_of(text.data, part.size_bytes);
        if (text.size_bytes < part.size_bytes)
            return false;
        if (!(ignore_case ? shared_slice_equal_ignore_case(part, other) : shared_slice_equal(part, other)))
            return false;
        skip(&text, part.size_bytes);
    }
    return text.size_bytes == 0;
}

bool shared_json_unescape(struct shared_slice string, char *out, size_t room_bytes, size_t *out_bytes)
{
    char meaning[4];
    *out_bytes = 0;
    if (!take_quotes(&string))
        return false;
    while (string.size_bytes > 0) {
        size_t size = take_char(&string, meaning);
        if (size > room_bytes - *out_bytes)
            return false;
        memcpy(out + *out_bytes, meaning, size);
        *out_bytes += size;
    }
    return true;
}
