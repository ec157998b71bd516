#include "image/printable.h"

#include "base/text_width.h"

void printable_clean(char *text, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes;) {
        size_t step = text_character_bytes(text + i, size_bytes - i);
        unsigned char c = (unsigned char)text[i];
        if (step == 0 || (c > 0 && c < 0x20) || c == 0x7f)
            text[i] = '?';
        i += step ? step : 1;
    }
}
