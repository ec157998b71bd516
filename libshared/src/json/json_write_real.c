#include "json/json_write.h"

#include <stdio.h>

/* 17 digits bring every double back. What a locale has for the point, perhaps several bytes, becomes one. */
void shared_json_write_real(struct shared_buffer *buffer, double real)
{
    char text[40], *to = text;
    int size = snprintf(text, sizeof(text), "%.17g", real);
    for (const char *from = text; (*to = *from) != '\0'; from++) {
        if ((signed char)*from >= '0' || *from == '-' || *from == '+')
            to++;
        else if (to[-1] != '.')
            *to++ = '.';
    }
    shared_buffer_append_text(buffer, text[size - 1] > '9' ? "null" : text); /* inf, nan */
}
