#include "base/url_decode.h"

#include "base/percent.h"

bool shared_url_decode(char *text)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        int byte = shared_percent_byte(in);
        if (byte == 0)
            return false;
        if (byte > 0)
            in += 2;
        *out++ = byte > 0 ? (char)byte : *in == '+' ? ' ' : *in;
    }
    *out = '\0';
    return true;
}
