#include "package/package_origin.h"

#include "base/path.h"

#include <string.h>

static const char *after(const char *folder, const char *start)
{
    size_t size = strlen(start);
    return strncmp(folder, start, size) == 0 && (folder[size] == '\0' || folder[size] == '/') ? folder + size
                                                                                              : NULL;
}

const char *package_after_origin(const char *folder)
{
    const char *rest = after(folder, "$ORIGIN");
    return rest ? rest : after(folder, "${ORIGIN}");
}

/* Drops the last folder of "a/b/"; false where there is none. */
static bool go_up(char *at)
{
    size_t size = strlen(at);
    if (size == 0)
        return false;
    for (size--; size > 0 && at[size - 1] != '/'; size--)
        ;
    at[size] = '\0';
    return true;
}

const char *package_run_folder(const char *place, struct shared_slice folder, struct shared_arena *arena)
{
    const char *text = shared_arena_copy(arena, folder);
    const char *rest = text ? package_after_origin(text) : NULL;
    size_t origin = 0;
    if (rest)
        origin = (size_t)(path_base(place) - place);
    else if (text)
        rest = after(text, PACKAGE_TASK_FOLDER);
    char *at = rest ? shared_arena_alloc(arena, origin + strlen(rest) + 2) : NULL;
    if (!at)
        return NULL;
    memcpy(at, place, origin);
    at[origin] = '\0';
    while (*rest) {
        size_t size = strcspn(rest, "/");
        if (size == 2 && memcmp(rest, "..", 2) == 0) {
            if (!go_up(at))
                return NULL;
        } else if (size > 0 && !(size == 1 && *rest == '.')) {
            strncat(at, rest, size);
            strcat(at, "/");
        }
        rest += size + (rest[size] == '/');
    }
    return at;
}
