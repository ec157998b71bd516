#include "package/package_list.h"

#include "base/path.h"
#include "package/package_shown.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* "" for the top of the package; else without slashes at its end. */
static const char *tidy_place(struct shared_arena *arena, const char *place)
{
    size_t size = strlen(place);
    while (size > 0 && place[size - 1] == '/')
        size--;
    if (size == 1 && place[0] == '.')
        size = 0;
    return shared_arena_copy(arena, shared_slice_of(place, size));
}

static int fail_to_look(const char *place, const char *source, struct shared_error *err)
{
    struct stat st;
    int fault = errno;
    bool link = lstat(source, &st) == 0 && S_ISLNK(st.st_mode);
    return shared_fail(err, SHARED_EIO, fault, "\"%s\": %s %s", package_shown(place).text,
                       link ? "follow the symlink" : "look at", package_shown(source).text);
}

int package_asset_add(struct package_list *list, const char *source, const struct manifest_asset *asset,
                      struct shared_error *err)
{
    struct stat st;
    if (!*asset->place || asset->place[0] == '/')
        return package_place_check(list, asset->place, source, err);
    if (stat(source, &st) < 0)
        return fail_to_look(asset->place, source, err);
    if (package_own_check(list->own, list->manifest, source, asset->place, &st, list->arena, err) < 0)
        return SHARED_EINVAL;
    const char *place = tidy_place(list->arena, asset->place);
    if (!place)
        return package_no_memory(err);
    if (S_ISDIR(st.st_mode))
        return package_walk(list, source, place, &st, err);
    if (strcmp(place, asset->place) != 0)
        return shared_fail(
            err, SHARED_EINVAL, 0, "the place \"%s\" is a folder's, but %s is not a folder: write \"%s%s%s\"",
            package_shown(asset->place).text, package_shown(source).text, package_shown(place).text,
            *place ? "/" : "", package_shown(path_base(source)).text);
    struct package_entry entry = {.source = source, .place = place};
    return package_leaf_add(list, AT_FDCWD, source, &st, &entry, err);
}
