#include "package/package_list.h"

#include "package/package_shown.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind_text(mode_t mode)
{
    return S_ISSOCK(mode)   ? "a socket"
           : S_ISFIFO(mode) ? "a FIFO"
           : S_ISCHR(mode)  ? "a character device"
           : S_ISBLK(mode)  ? "a block device"
                            : "no file";
}

static int add_symlink(struct package_list *list, int folder, const char *name, struct package_entry *entry,
                       struct shared_error *err)
{
    char target[PATH_MAX];
    ssize_t size = readlinkat(folder, name, target, sizeof(target));
    if (size < 0)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": read the symlink %s",
                           package_shown(entry->place).text, package_shown(entry->source).text);
    entry->kind = PACKAGE_SYMLINK;
    entry->target = shared_arena_copy(list->arena, shared_slice_of(target, (size_t)size));
    entry->size_bytes = (uint64_t)size;
    if (!entry->target)
        return package_no_memory(err);
    return package_list_add(list, entry, err);
}

int package_leaf_add(struct package_list *list, int folder, const char *name, const struct stat *st,
                     struct package_entry *entry, struct shared_error *err)
{
    if (S_ISLNK(st->st_mode))
        return add_symlink(list, folder, name, entry, err);
    if (!S_ISREG(st->st_mode))
        return shared_fail(
            err, SHARED_EINVAL, 0, "%s, for \"%s\", is %s: a package holds files, folders and symlinks",
            package_shown(entry->source).text, package_shown(entry->place).text, kind_text(st->st_mode));
    /* The owner's own bit needs no question. */
    bool owner = st->st_uid == list->self && st->st_mode & S_IRUSR;
    if (!owner && faccessat(folder, name, R_OK, 0) < 0)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": read %s", package_shown(entry->place).text,
                           package_shown(entry->source).text);
    if (strlen(entry->source) >= PATH_MAX)
        return shared_fail(err, SHARED_EIO, ENAMETOOLONG, "\"%s\": read %s", package_shown(entry->place).text,
                           package_shown(entry->source).text);
    entry->kind = st->st_mode & S_IXUSR ? PACKAGE_EXECUTABLE : PACKAGE_FILE;
    entry->size_bytes = (uint64_t)st->st_size;
    entry->print = package_print_of(st);
    return package_list_add(list, entry, err);
}
