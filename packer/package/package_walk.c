#include "package/package_list.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "package/package_shown.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* A folder that is still to be listed. */
struct todo {
    struct todo *next;
    const char *source;
    const char *place; /* "": the top of the package */
    dev_t device;      /* what it was when it was found */
    ino_t inode;
};

struct walk {
    struct package_list *list;
    int root;         /* the asset's folder */
    size_t root_size; /* what precedes, in a source, the path from there, its slash included */
    struct todo *todo;
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to list the assets");
}

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
        return no_memory(err);
    return package_list_add(list, entry, err);
}

/* Adds anything but a folder, found as name in folder. */
static int add_leaf(struct package_list *list, int folder, const char *name, const struct stat *st,
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

static int push_folder(struct walk *walk, const char *source, const char *place, const struct stat *st,
                       struct shared_error *err)
{
    if (*place && package_place_check(place, source, err) < 0)
        return SHARED_EINVAL;
    struct todo *todo = shared_arena_alloc(walk->list->arena, sizeof(*todo));
    if (!todo)
        return no_memory(err);
    *todo = (struct todo){walk->todo, source, place, st->st_dev, st->st_ino};
    walk->todo = todo;
    return 0;
}

static int add_child(struct walk *walk, const struct todo *parent, int folder, const char *name,
                     struct shared_error *err)
{
    struct shared_arena *arena = walk->list->arena;
    struct package_entry entry = {.source = path_join(arena, parent->source, name),
                                  .place = path_join(arena, parent->place, name)};
    struct stat st;
    if (!entry.source || !entry.place)
        return no_memory(err);
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": look at %s", package_shown(entry.place).text,
                           package_shown(entry.source).text);
    if (S_ISDIR(st.st_mode))
        return push_folder(walk, entry.source, entry.place, &st, err);
    return add_leaf(walk->list, folder, name, &st, &entry, err);
}

static bool is_self_or_parent(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int add_empty_folder(struct walk *walk, const struct todo *folder, struct shared_error *err)
{
    struct package_entry entry = {.kind = PACKAGE_FOLDER, .source = folder->source};
    entry.place = shared_arena_format(walk->list->arena, "%s/", folder->place);
    if (!entry.place)
        return no_memory(err);
    return *folder->place ? package_list_add(walk->list, &entry, err) : 0;
}

/* Opened from the asset's folder, so that only one folder is open at a time, however deep they lie. */
static DIR *open_listed(const struct walk *walk, const struct todo *todo)
{
    bool is_root = strlen(todo->source) <= walk->root_size;
    const char *relative = is_root ? "." : todo->source + walk->root_size;
    int fd = openat(walk->root, relative, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    DIR *folder = NULL;
    if (fd >= 0 && fstat(fd, &st) == 0) {
        errno = ESTALE; /* somebody put another folder there */
        if (st.st_dev == todo->device && st.st_ino == todo->inode)
            folder = fdopendir(fd);
    }
    if (!folder && fd >= 0)
        close(fd);
    return folder;
}

static int list_folder(struct walk *walk, const struct todo *todo, struct shared_error *err)
{
    CLEANUP_FOLDER DIR *folder = open_listed(walk, todo);
    size_t children = 0;
    struct dirent *child;
    if (!folder)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": list the folder %s",
                           package_shown(todo->place).text, package_shown(todo->source).text);
    while ((errno = 0, child = readdir(folder))) {
        if (is_self_or_parent(child->d_name))
            continue;
        children++;
        int status = add_child(walk, todo, dirfd(folder), child->d_name, err);
        if (status < 0)
            return status;
    }
    if (errno)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": list the folder %s",
                           package_shown(todo->place).text, package_shown(todo->source).text);
    return children ? 0 : add_empty_folder(walk, todo, err);
}

static int walk_folder(struct package_list *list, const char *source, const char *place,
                       const struct stat *st, struct shared_error *err)
{
    struct walk walk = {.list = list};
    CLEANUP_FD int root = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": list the folder %s", package_shown(place).text,
                           package_shown(source).text);
    walk.root = root;
    size_t size = strlen(source);
    walk.root_size = size + (size && source[size - 1] != '/');
    /* path_join leaves out ".", so that a child's source is its path from there. */
    if (strcmp(source, ".") == 0)
        walk.root_size = 0;
    int status = push_folder(&walk, source, place, st, err);
    while (status == 0 && walk.todo) {
        struct todo *todo = walk.todo;
        walk.todo = todo->next;
        status = list_folder(&walk, todo, err);
    }
    return status;
}

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

int package_walk(struct package_list *list, const char *source, const struct manifest_asset *asset,
                 struct shared_error *err)
{
    struct stat st;
    if (!*asset->place || asset->place[0] == '/')
        return package_place_check(asset->place, source, err);
    if (lstat(source, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": look at %s", package_shown(asset->place).text,
                           package_shown(source).text);
    const char *place = tidy_place(list->arena, asset->place);
    if (!place)
        return no_memory(err);
    if (S_ISDIR(st.st_mode))
        return walk_folder(list, source, place, &st, err);
    if (strcmp(place, asset->place) != 0)
        return shared_fail(
            err, SHARED_EINVAL, 0, "the place \"%s\" is a folder's, but %s is not a folder: write \"%s%s%s\"",
            package_shown(asset->place).text, package_shown(source).text, package_shown(place).text,
            *place ? "/" : "", package_shown(path_base(source)).text);
    struct package_entry entry = {.source = source, .place = place};
    return add_leaf(list, AT_FDCWD, source, &st, &entry, err);
}
