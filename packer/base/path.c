#include "base/path.h"

#include "base/text_width.h"

#include <stdint.h>
#include <string.h>

#define PLACE_BYTES 4096

char *path_join(struct shared_arena *arena, const char *folder, const char *name)
{
    if (name[0] == '/' || !*folder || strcmp(folder, ".") == 0)
        return shared_arena_copy(arena, shared_slice_from_text(name));
    size_t folder_size = strlen(folder), name_size = strlen(name);
    size_t slash = folder[folder_size - 1] != '/';
    char *path = shared_arena_alloc(arena, folder_size + slash + name_size + 1);
    if (!path)
        return NULL;
    memcpy(path, folder, folder_size);
    memset(path + folder_size, '/', slash);
    memcpy(path + folder_size + slash, name, name_size + 1);
    return path;
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

static const char *part_fault(const char *part, size_t size)
{
    if (size == 0)
        return "has an empty part between slashes";
    return size <= 2 && strspn(part, ".") >= size ? "has a part \".\" or \"..\"" : NULL;
}

/* Sets *step to the bytes of the character that text begins with. */
static const char *character_fault(const char *text, size_t size, size_t *step)
{
    unsigned char c = (unsigned char)*text;
    *step = c < 0x80 ? 1 : text_character_bytes(text, size);
    if (c < 0x20 || c == 0x7F)
        return "has a control character";
    if (c == '\\')
        return "has a backslash, which unzip tools take for a slash";
    return *step > 0 ? NULL : "is not UTF-8";
}

static const char *place_fault(const char *place)
{
    size_t size = strlen(place), part = 0, step;
    if (size == 0)
        return "is empty";
    if (*place == '/')
        return "is absolute: it must lie in the package";
    if (size > PLACE_BYTES)
        return "is longer than 4,096 bytes";
    for (size_t at = 0; at < size; at += step) {
        const char *fault = character_fault(place + at, size - at, &step);
        if (!fault && place[at] == '/') {
            fault = part_fault(place + part, at - part);
            part = at + 1;
        }
        if (fault)
            return fault;
    }
    return part_fault(place + part, size - part);
}

bool path_is_safe_place(const char *place, const char **why)
{
    *why = place_fault(place);
    return !*why;
}
