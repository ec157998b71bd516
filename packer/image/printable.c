#include "image/printable.h"

#include "base/text_width.h"

#include <stdbool.h>
#include <string.h>

void printable_clean(char *text, size_t size_bytes)
{
    for (size_t i = 0, step; i < size_bytes; i += step) {
        step = 1;
        if (text[i] >= ' ' && text[i] <= '~')
            continue; /* nearly all */
        step = text_character_bytes(text + i, size_bytes - i);
        bool shown = step > 0 && (text[i] == '\0' || !text_is_control(text + i, size_bytes - i));
        step = step ? step : 1;
        if (!shown)
            memset(text + i, '?', step);
    }
}
