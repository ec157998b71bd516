#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void shared_base64_encode(char *out, struct shared_slice data)
{
    const unsigned char *in = (const unsigned char *)data.data;
    size_t left = data.size_bytes;
    for (; left >= 3; left -= 3, in += 3) {
        *out++ = alphabet[in[0] >> 2];
        *out++ = alphabet[(in[0] & 3) << 4 | in[1] >> 4];
        *out++ = alphabet[(in[1] & 15) << 2 | in[2] >> 6];
        *out++ = alphabet[in[2] & 63];
    }
    if (left == 0)
        return;
    unsigned second = left == 2 ? in[1] : 0;
    *out++ = alphabet[in[0] >> 2];
    *out++ = alphabet[(in[0] & 3) << 4 | second >> 4];
    *out++ = left == 2 ? alphabet[(second & 15) << 2] : '=';
    *out = '=';
}
