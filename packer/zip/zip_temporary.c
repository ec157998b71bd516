#include "zip/zip_input.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "package/package_shown.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>

static const char temporary_start[] = ".demine-";
static const char temporary_end[] = ".tmp";

char *zip_temporary_name(struct shared_arena *arena, const char *path)
{
    static atomic_uint counter;
    const char *folder = path_folder(arena, path);
    char *base = shared_arena_format(arena, "%s%s.%ld-%u%s", temporary_start, path_base(path), (long)getpid(),
                                     atomic_fetch_add(&counter, 1), temporary_end);
    return folder && base ? path_join(arena, folder, base) : NULL;
}

/* libzip writes to a name of its own, which is this one and a random end. */
static bool is_temporary_name(const char *name, const char *start)
{
    return strncmp(name, start, strlen(start)) == 0 && strstr(name, temporary_end);
}

int zip_commit(const char *temporary, const char *path, struct shared_error *err)
{
    if (rename(temporary, path) < 0)
        return shared_fail(err, SHARED_EIO, errno, "rename %s to %s", package_shown(temporary).text,
                           package_shown(path).text);
    return 0;
}

void zip_abandon(const char *temporary)
{
    unlink(temporary);
}

static int sweep(const char *folder, const char *start, struct shared_error *err)
{
    CLEANUP_FOLDER DIR *names = opendir(folder);
    struct dirent *entry;
    if (!names && errno == ENOENT)
        return 0;
    if (!names)
        return shared_fail(err, SHARED_EIO, errno, "list the folder %s", package_shown(folder).text);
    while ((errno = 0, entry = readdir(names))) {
        if (!is_temporary_name(entry->d_name, start))
            continue;
        /* EISDIR: a folder is nothing that zip_write makes. */
        if (unlinkat(dirfd(names), entry->d_name, 0) < 0 && errno != ENOENT && errno != EISDIR)
            return shared_fail(err, SHARED_EIO, errno, "remove %s, left in %s by a run that was killed",
                               package_shown(entry->d_name).text, package_shown(folder).text);
    }
    if (errno)
        return shared_fail(err, SHARED_EIO, errno, "list the folder %s", package_shown(folder).text);
    return 0;
}

int zip_sweep(const char *folder, struct shared_error *err)
{
    return sweep(folder, temporary_start, err);
}

int zip_sweep_file(const char *path, struct shared_arena *arena, struct shared_error *err)
{
    const char *folder = path_folder(arena, path);
    const char *start = shared_arena_format(arena, "%s%s.", temporary_start, path_base(path));
    return folder && start
               ? sweep(folder, start, err)
               : shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for what a killed run left");
}
