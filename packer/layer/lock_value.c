#include "layer/lock_value.h"

#include <stddef.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static unsigned digits(const char *text, size_t count)
{
    unsigned number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (unsigned)(text[i] - '0');
    return number;
}

bool lock_date_is_valid(struct shared_slice text)
{
    static const unsigned days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (text.size_bytes != LOCK_DATE_BYTES - 1)
        return false;
    for (size_t i = 0; i < text.size_bytes; i++)
        if (i == 4 || i == 7 ? text.data[i] != '-' : text.data[i] < '0' || text.data[i] > '9')
            return false;
    unsigned year = digits(text.data, 4), month = digits(text.data + 5, 2), day = digits(text.data + 8, 2);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
           (leap || month != 2 || day < 29);
}

bool lock_sha256_is_valid(struct shared_slice text)
{
    if (text.size_bytes != 44 || text.data[43] != '=')
        return false;
    for (size_t i = 0; i < 43; i++)
        if (!text.data[i] || !strchr(LETTERS DIGITS "+/", text.data[i]))
            return false;
    /* 43 digits of 6 bits are 258: the last two stand for nothing. */
    return strchr("AEIMQUYcgkosw048", text.data[42]) != NULL;
}

bool lock_hash_read(struct shared_slice text, struct hash *hash)
{
    if (text.size_bytes != 2 * sizeof(hash->bytes))
        return false;
    for (size_t i = 0; i < text.size_bytes; i++) {
        static const char hex[] = "0123456789abcdef";
        const char *digit = text.data[i] ? strchr(hex, text.data[i]) : NULL;
        if (!digit)
            return false;
        unsigned char *byte = &hash->bytes[i / 2];
        *byte = (unsigned char)(i % 2 ? *byte << 4 | (digit - hex) : digit - hex);
    }
    return true;
}

/* Lambda API reference, PublishLayerVersion, LayerName: [a-zA-Z0-9-_]+, 140 characters (2025). */
const char *lock_refuse_layer_name(const char *name)
{
    size_t size = strlen(name);
    return size < 1 || size > 140 || strspn(name, LETTERS DIGITS "_-") != size
               ? "must be 1 to 140 letters, digits, \"_\" or \"-\""
               : NULL;
}
