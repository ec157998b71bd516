#include "base/text_width.h"

#include <stdint.h>
#include <string.h>

/* RFC 3629, section 4: what may follow a first byte; the second one rules out overlong forms and surrogates.
 */
static const struct {
    unsigned char first_low, first_high, second_low, second_high, size;
} sequences[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

size_t text_character_bytes(const char *text, size_t size_bytes)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; size_bytes > 0 && i < sizeof(sequences) / sizeof(sequences[0]); i++) {
        size_t size = sequences[i].size;
        if (bytes[0] < sequences[i].first_low || bytes[0] > sequences[i].first_high)
            continue;
        if (size > size_bytes ||
            (size > 1 && (bytes[1] < sequences[i].second_low || bytes[1] > sequences[i].second_high)))
            return 0;
        for (size_t k = 2; k < size; k++) {
            if ((bytes[k] & 0xC0) != 0x80)
                return 0;
        }
        return size;
    }
    return 0;
}

bool text_is_control(const char *text, size_t size_bytes)
{
    unsigned char c = size_bytes > 0 ? (unsigned char)text[0] : 0;
    return size_bytes > 0 &&
           (c < 0x20 || c == 0x7F ||
            (c == 0xC2 && text_character_bytes(text, size_bytes) == 2 && (unsigned char)text[1] < 0xA0));
}

/* Steps over one character, or over one byte that is none. */
static size_t step(const char *text, size_t size_bytes)
{
    size_t size = text_character_bytes(text, size_bytes);
    return size ? size : 1;
}

size_t text_width(const char *text)
{
    size_t columns = 0;
    for (size_t at = 0, size = strlen(text); at < size; at += step(text + at, size - at))
        columns++;
    return columns;
}

size_t text_fit(const char *text, size_t columns)
{
    size_t at = 0;
    for (size_t size = strlen(text); at < size && columns > 0; columns--)
        at += step(text + at, size - at);
    return at;
}
