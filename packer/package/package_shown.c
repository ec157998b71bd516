#include "package/package_shown.h"

#include <stdbool.h>
#include <string.h>

#define ELLIPSIS "\xE2\x80\xA6"

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

struct package_shown package_shown(const char *path)
{
    struct package_shown shown = {""};
    size_t size = strlen(path), used = 0;
    if (size >= sizeof(shown.text)) {
        used = sizeof(ELLIPSIS) - 1;
        memcpy(shown.text, ELLIPSIS, used);
        path += size - (sizeof(shown.text) - 1 - used);
        while (is_continuation(*path))
            path++;
    }
    for (; *path; path++, used++)
        shown.text[used] = (unsigned char)*path < 0x20 || *path == 0x7F ? '?' : *path;
    return shown;
}
