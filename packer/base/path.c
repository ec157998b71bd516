#include "base/path.h"

#include <stdint.h>
#include <string.h>

#define PLACE_BYTES 4096

char *path_join(struct shared_arena *arena, const char *folder, const char *name)
{
    if (name[0] == '/' || !*folder || strcmp(folder, ".") == 0)
        return shared_arena_copy(arena, shared_slice_from_text(name));
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    return shared_arena_format(arena, "%s%s%s", folder, slash, name);
}

char *path_folder(struct shared_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return shared_arena_copy(arena, shared_slice_from_text("."));
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    return shared_arena_copy(arena, shared_slice_of(path, size));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_dots(struct shared_slice part)
{
    return part.size_bytes <= 2 && strspn(part.data, ".") >= part.size_bytes;
}

/* RFC 3629: the second byte of a sequence rules out overlong forms, surrogates and what is over U+10FFFF. */
static bool is_utf8(const unsigned char *p)
{
    while (*p) {
        unsigned low = 0x80, high = 0xBF;
        int more = *p < 0x80 ? 0 : *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : 1;
        if (more && (*p < 0xC2 || *p > 0xF4))
            return false;
        if (*p == 0xE0)
            low = 0xA0;
        else if (*p == 0xED)
            high = 0x9F;
        else if (*p == 0xF0)
            low = 0x90;
        else if (*p == 0xF4)
            high = 0x8F;
        for (p++; more > 0; more--, p++, low = 0x80, high = 0xBF) {
            if (*p < low || *p > high)
                return false;
        }
    }
    return true;
}

bool path_is_safe_place(const char *place, const char **why)
{
    *why = NULL;
    if (!*place)
        *why = "is empty";
    else if (*place == '/')
        *why = "is absolute: it must lie in the package";
    else if (strlen(place) > PLACE_BYTES)
        *why = "is longer than 4,096 bytes";
    else if (strchr(place, '\\'))
        *why = "has a backslash, which unzip tools take for a slash";
    else if (!is_utf8((const unsigned char *)place))
        *why = "is not UTF-8";
    for (const char *p = place; !*why && *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *why = "has a control character";
    }
    for (struct shared_slice rest = shared_slice_from_text(place); !*why && rest.data;) {
        struct shared_slice part = shared_slice_split(&rest, '/');
        if (part.size_bytes == 0)
            *why = "has an empty part between slashes";
        else if (is_dots(part))
            *why = "has a part \".\" or \"..\"";
    }
    return !*why;
}
