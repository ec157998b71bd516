#include "session_id.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>

#define HEX_DIGITS "0123456789abcdef"

int session_id_make(char id[SESSION_ID_BYTES], struct shared_error *err)
{
    unsigned char random[(SESSION_ID_BYTES - 1) / 2];

    /* Up to 256 bytes come whole, or with EINTR before the kernel's pool is ready: getrandom(2). */
    ssize_t got;
    do
        got = getrandom(random, sizeof(random), 0);
    while (got < 0 && errno == EINTR);
    if (got != sizeof(random))
        return shared_fail(err, SHARED_EIO, errno, "get random bytes for a session");
    for (size_t i = 0; i < sizeof(random); i++) {
        id[2 * i] = HEX_DIGITS[random[i] >> 4];
        id[2 * i + 1] = HEX_DIGITS[random[i] & 15];
    }
    id[SESSION_ID_BYTES - 1] = '\0';
    return 0;
}

bool session_id_is_valid(const char *text)
{
    return text && strlen(text) == SESSION_ID_BYTES - 1 && strspn(text, HEX_DIGITS) == SESSION_ID_BYTES - 1;
}
