#include "package/package_shown.h"

#include "base/text_width.h"

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
    for (size_t left = strlen(path); left > 0;) {
        size_t bytes = text_character_bytes(path, left);
        bool clean = bytes > 0 && !text_is_control(path, left);
        bytes = bytes ? bytes : 1;
        if (clean)
            memcpy(shown.text + used, path, bytes);
        else
            shown.text[used] = '?';
        used += clean ? bytes : 1;
        path += bytes;
        left -= bytes;
    }
    return shown;
}
