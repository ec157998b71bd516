#include "charset.h"

#include <stdint.h>
#include <string.h>

/* Size of the well-formed sequence at the start, 0 where there is none; RFC 3629 section 4. */
static size_t sequence_size(const unsigned char *text, size_t size_bytes)
{
    unsigned char first = text[0];
    if (first < 0x80)
        return 1;
    size_t size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (!size || size > size_bytes)
        return 0;
    unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (text[1] < least || text[1] > most)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

bool charset_is_utf8(struct shared_slice text)
{
    const unsigned char *data = (const unsigned char *)text.data;
    for (size_t i = 0, size; i < text.size_bytes; i += size) {
        size = sequence_size(data + i, text.size_bytes - i);
        if (!size)
            return false;
    }
    return true;
}

/* 0x80 to 0x9F; the rest of windows-1252 is Latin-1, whose bytes are code points. */
static const uint16_t windows1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static size_t encode(unsigned point, char *out)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 0x3F));
    out[2] = (char)(0x80 | (point & 0x3F));
    return 3;
}

static bool has_mark(struct shared_slice text, const char *mark, size_t size_bytes)
{
    return text.size_bytes >= size_bytes && memcmp(text.data, mark, size_bytes) == 0;
}

int charset_to_utf8(struct shared_slice text, struct shared_arena *arena, struct shared_slice *utf8,
                    const char **name, struct shared_error *err)
{
    /* UTF-32 with its low byte first begins as UTF-16 does. */
    if (has_mark(text, "\xFE\xFF", 2) || has_mark(text, "\xFF\xFE", 2) || has_mark(text, "\0\0\xFE\xFF", 4))
        return shared_fail(err, SHARED_EUNSUPPORTED, 0, "UTF-16 and UTF-32 are not read: send UTF-8");
    if (has_mark(text, "\xEF\xBB\xBF", 3))
        text = shared_slice_of(text.data + 3, text.size_bytes - 3);
    if (charset_is_utf8(text)) {
        *name = "utf-8";
        *utf8 = text;
        return 0;
    }
    char *out = shared_arena_alloc(arena, text.size_bytes * 3);
    if (!out)
        return shared_fail(err, SHARED_ENOMEM, 0, "convert %zu bytes to UTF-8", text.size_bytes);
    size_t size = 0;
    for (size_t i = 0; i < text.size_bytes; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        size += encode(byte >= 0x80 && byte < 0xA0 ? windows1252[byte - 0x80] : byte, out + size);
    }
    *name = "windows-1252";
    *utf8 = shared_slice_of(out, size);
    return 0;
}
