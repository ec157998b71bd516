#include "base/path.h"

#include "base/text_width.h"

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

static bool is_utf8(const char *text)
{
    size_t size = strlen(text), step;
    for (; size > 0; text += step, size -= step) {
        step = text_character_bytes(text, size);
        if (step == 0)
            return false;
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
    else if (!is_utf8(place))
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
