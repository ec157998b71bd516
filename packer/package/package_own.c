#include "package/package_own.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "package/package_shown.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 16

enum own_kind {
    OWN_FOLDER,
    OWN_ZIPS,
    OWN_LAYERS, /* the folder of layers' zips below it */
    OWN_FILE,   /* what has the name in the folder */
    OWN_LINK,   /* the same, where it is a symlink */
};

struct package_own_item {
    enum own_kind kind;
    dev_t device; /* of the folder */
    ino_t inode;
    const char *name;    /* OWN_FILE, OWN_LINK */
    const char *refusal; /* NULL: may be an asset */
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to note what packages leave out");
}

static int add(struct package_own *own, struct package_own_item item, const char *folder,
               struct shared_arena *arena, struct shared_error *err)
{
    struct stat st;
    if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
        return 0;
    if (own->count == own->capacity) {
        size_t capacity = own->capacity ? 2 * own->capacity : FIRST_CAPACITY;
        struct package_own_item *items =
            shared_arena_resize(arena, own->items, own->capacity * sizeof(*items), capacity * sizeof(*items));
        if (!items)
            return no_memory(err);
        own->items = items;
        own->capacity = capacity;
    }
    item.device = st.st_dev;
    item.inode = st.st_ino;
    own->items[own->count++] = item;
    return 0;
}

/* A name in a folder. */
static int add_name(struct package_own *own, enum own_kind kind, const char *path, const char *refusal,
                    struct shared_arena *arena, struct shared_error *err)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    const char *tidy = shared_arena_copy(arena, shared_slice_of(path, size));
    const char *folder = tidy ? path_folder(arena, tidy) : NULL;
    if (!folder)
        return no_memory(err);
    return add(own, (struct package_own_item){.kind = kind, .name = path_base(tidy), .refusal = refusal},
               folder, arena, err);
}

int package_own_folder(struct package_own *own, const char *path, const char *refusal,
                       struct shared_arena *arena, struct shared_error *err)
{
    return add(own, (struct package_own_item){.kind = OWN_FOLDER, .refusal = refusal}, path, arena, err);
}

int package_own_zips(struct package_own *own, const char *path, struct shared_arena *arena,
                     struct shared_error *err)
{
    const char *layers = path_join(arena, path, "layers");
    if (!layers)
        return no_memory(err);
    int status = add(own, (struct package_own_item){.kind = OWN_ZIPS}, path, arena, err);
    if (status == 0)
        status = add(own, (struct package_own_item){.kind = OWN_LAYERS}, layers, arena, err);
    /* A symlink that leads out of the project would have the package refused. */
    return status == 0 ? add_name(own, OWN_LINK, path, NULL, arena, err) : status;
}

int package_own_file(struct package_own *own, const char *path, const char *refusal,
                     struct shared_arena *arena, struct shared_error *err)
{
    CLEANUP_FREE char *target = realpath(path, NULL);
    int status = add_name(own, OWN_FILE, path, refusal, arena, err);
    return status == 0 && target ? add_name(own, OWN_FILE, target, refusal, arena, err) : status;
}

static bool ends_in(const char *name, const char *end)
{
    size_t size = strlen(name), end_size = strlen(end);
    return size > end_size && strcmp(name + size - end_size, end) == 0;
}

static bool is_of(const struct package_own_item *item, dev_t device, ino_t inode)
{
    return item->inode == inode && item->device == device;
}

static bool is_child(const struct package_own_item *item, const char *name, const struct stat *st)
{
    switch (item->kind) {
    case OWN_ZIPS:
    case OWN_LAYERS:
        return S_ISREG(st->st_mode) && (ends_in(name, ".zip") || ends_in(name, ".debug"));
    case OWN_FILE:
        return strcmp(name, item->name) == 0;
    case OWN_LINK:
        return S_ISLNK(st->st_mode) && strcmp(name, item->name) == 0;
    default:
        return false;
    }
}

bool package_own_leaves_out(const struct package_own *own, const struct package_own_in *folder,
                            const char *name, const struct stat *st)
{
    struct stat end;
    if (!own || own->count == 0)
        return false;
    if (!S_ISLNK(st->st_mode) || fstatat(folder->fd, name, &end, 0) < 0)
        end = *st;
    for (size_t i = 0; i < own->count; i++) {
        const struct package_own_item *item = &own->items[i];
        if (item->kind == OWN_FOLDER ? S_ISDIR(end.st_mode) && is_of(item, end.st_dev, end.st_ino)
                                     : is_of(item, folder->device, folder->inode) && is_child(item, name, st))
            return true;
    }
    return false;
}

bool package_own_is_temporary(const char *name)
{
    static const char start[] = ".demine-";
    return strncmp(name, start, sizeof(start) - 1) == 0 && strstr(name, ".tmp");
}

bool package_own_is_output(const struct package_own *own, dev_t device, ino_t inode)
{
    for (size_t i = 0; own && i < own->count; i++) {
        const struct package_own_item *item = &own->items[i];
        if ((item->kind == OWN_ZIPS || item->kind == OWN_LAYERS) && is_of(item, device, inode))
            return true;
    }
    return false;
}

static bool is_of_function(const struct manifest *manifest, const char *name, struct shared_arena *arena)
{
    size_t size = strlen(name);
    if (!ends_in(name, ".zip"))
        return false;
    const char *function = shared_arena_copy(arena, shared_slice_of(name, size - strlen(".zip")));
    return function && manifest_find_function(manifest, function);
}

/* Why a file may not be an asset; NULL: it may. */
static const char *refusal_of(const struct package_own_item *item, const struct manifest *manifest,
                              const char *name, struct shared_arena *arena)
{
    if (item->kind == OWN_FILE && strcmp(name, item->name) == 0)
        return item->refusal;
    if ((item->kind == OWN_ZIPS && is_of_function(manifest, name, arena)) ||
        (item->kind == OWN_LAYERS && ends_in(name, ".zip")))
        return "a zip that demine pack writes: copy it to another folder first";
    return NULL;
}

static int refuse(const char *source, const char *place, const char *why, struct shared_error *err)
{
    return shared_fail(err, SHARED_EINVAL, 0, "%s, for \"%s\", is %s", package_shown(source).text,
                       package_shown(place).text, why);
}

int package_own_check(const struct package_own *own, const struct manifest *manifest, const char *source,
                      const char *place, const struct stat *st, struct shared_arena *arena,
                      struct shared_error *err)
{
    struct stat in = {0};
    if (!own || own->count == 0)
        return 0;
    bool folder = S_ISDIR(st->st_mode);
    CLEANUP_FREE char *file = folder ? NULL : realpath(source, NULL);
    const char *above = file ? path_folder(arena, file) : NULL;
    if (!folder && (!above || stat(above, &in) < 0))
        return 0; /* what cannot be looked at is said where it is added */
    for (size_t i = 0; i < own->count; i++) {
        const struct package_own_item *item = &own->items[i];
        if (folder && item->kind == OWN_FOLDER && is_of(item, st->st_dev, st->st_ino))
            return refuse(source, place, item->refusal, err);
        const char *why = !folder && is_of(item, in.st_dev, in.st_ino)
                              ? refusal_of(item, manifest, path_base(file), arena)
                              : NULL;
        if (why)
            return refuse(source, place, why, err);
    }
    return 0;
}
