#include "template/template.h"

#include <string.h>

/* Bytes of the common folders of both, with the slash that ends them. */
static size_t common_bytes(const char *folder, const char *path)
{
    size_t common = 0;
    for (size_t i = 0; folder[i] && folder[i] == path[i]; i++)
        if (folder[i] == '/')
            common = i + 1;
    return common;
}

char *relative_path(const char *folder, const char *path, struct shared_arena *arena)
{
    bool ends = *folder && folder[strlen(folder) - 1] == '/';
    const char *whole = ends ? folder : shared_arena_format(arena, "%s/", folder);
    if (!whole)
        return NULL;
    size_t common = common_bytes(whole, path);
    const char *up = "";
    for (const char *p = whole + common; up && *p; p++)
        if (*p == '/')
            up = shared_arena_format(arena, "../%s", up);
    return up ? shared_arena_format(arena, "%s%s", up, path + common) : NULL;
}
