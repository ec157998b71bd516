#include "package/package_list.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "base/pool.h"
#include "package/package_shown.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

/* So many folders wait to be listed before other threads help: few are listed sooner than those begin. */
#define FOLDERS_ALONE 8

#define NOWHERE SIZE_MAX

/* A thread hands over what it found when it has so many. */
#define FOUND_MOST 512

/* A folder that is still to be listed. */
struct todo {
    struct todo *next;
    const char *source;
    const char *place; /* "": the top of the package */
    dev_t device;      /* what it was when it was found */
    ino_t inode;
};

struct walk {
    int root;         /* the asset's folder */
    size_t root_size; /* what precedes, in a source, the path from there, its slash included */
    size_t place_at;  /* where a source ends as its place does: from where that is; else NOWHERE */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* What threads share, with the lock held. */
    struct package_list *list;
    struct todo *todo;
    size_t todo_count;
    unsigned listing; /* threads that list a folder, and may find more */
    bool failed;
    struct shared_error failure; /* that of the first text: the same in any order of folders */
};

/* What one thread found and has not handed over: in the arena of the walk where it is alone, else in its own. */
struct found {
    struct package_list list;
    struct shared_arena arena;
    struct todo *folders;
};

static void note_failure(struct walk *walk, const struct shared_error *err)
{
    pthread_mutex_lock(&walk->lock);
    if (!walk->failed || strcmp(err->text, walk->failure.text) < 0)
        walk->failure = *err;
    walk->failed = true;
    pthread_mutex_unlock(&walk->lock);
}

static const char *copy_text(struct shared_arena *arena, const char *text)
{
    return shared_arena_copy(arena, shared_slice_from_text(text));
}

/* Most of the memory that a listing takes is names: one text is both where it can be. NULL: it cannot. */
static const char *place_in(const struct walk *walk, const char *source)
{
    return source && walk->place_at != NOWHERE ? source + walk->place_at : NULL;
}

static const char *copy_place(const struct walk *walk, const char *source, const char *place)
{
    const char *end = strchr(place, '\0'), *same = NULL;
    if (end != place && end[-1] != '/')
        same = place_in(walk, source);
    return same ? same : copy_text(walk->list->arena, place);
}

/* With the lock held. */
static int push_folder(struct walk *walk, const struct todo *folder, struct shared_error *err)
{
    struct shared_arena *arena = walk->list->arena;
    struct todo *todo = shared_arena_alloc(arena, sizeof(*todo));
    if (todo) {
        *todo = *folder;
        todo->source = copy_text(arena, folder->source);
        todo->place = copy_place(walk, todo->source, folder->place);
    }
    if (!todo || !todo->source || !todo->place)
        return package_no_memory(err);
    todo->next = walk->todo;
    walk->todo = todo;
    walk->todo_count++;
    return 0;
}

static int push_entry(struct walk *walk, struct package_entry entry, struct shared_error *err)
{
    struct package_list *list = walk->list;
    entry.source = copy_text(list->arena, entry.source);
    entry.place = copy_place(walk, entry.source, entry.place);
    if (entry.target)
        entry.target = copy_text(list->arena, entry.target);
    if (!entry.source || !entry.place || (entry.kind == PACKAGE_SYMLINK && !entry.target))
        return package_no_memory(err);
    return package_list_append(list, &entry, err);
}

/* Empties what was found. */
static void hand_over(struct walk *walk, struct found *found)
{
    struct shared_error err;
    bool alone = found->list.arena == walk->list->arena;
    int status = 0;
    pthread_mutex_lock(&walk->lock);
    for (size_t i = 0; status == 0 && i < found->list.count; i++)
        status = alone ? package_list_append(walk->list, &found->list.items[i], &err)
                       : push_entry(walk, found->list.items[i], &err);
    for (struct todo *folder = found->folders; status == 0 && folder; folder = folder->next)
        status = push_folder(walk, folder, &err);
    pthread_cond_broadcast(&walk->changed);
    pthread_mutex_unlock(&walk->lock);
    if (status < 0)
        note_failure(walk, &err);
    found->list.count = 0;
    found->folders = NULL;
    if (alone)
        return;
    shared_arena_reset(&found->arena);
    found->list.items = NULL;
    found->list.capacity = 0;
}

static int find_folder(struct found *found, const struct package_entry *entry, const struct stat *st,
                       struct shared_error *err)
{
    if (package_place_check(&found->list, entry->place, entry->source, err) < 0)
        return SHARED_EINVAL;
    struct todo *folder = shared_arena_alloc(found->list.arena, sizeof(*folder));
    if (!folder)
        return package_no_memory(err);
    *folder = (struct todo){found->folders, entry->source, entry->place, st->st_dev, st->st_ino};
    found->folders = folder;
    return 0;
}

/* Left out or not, a folder counts as a child: whether it is there already must not be seen in a package. */
static int find_child(const struct walk *walk, struct found *found, const struct todo *parent, int folder,
                      const char *name, size_t *children, struct shared_error *err)
{
    const struct package_own_in in = {folder, parent->device, parent->inode};
    struct package_entry entry = {.source = path_join(found->list.arena, parent->source, name)};
    struct stat st;
    entry.place = place_in(walk, entry.source);
    if (!entry.place)
        entry.place = path_join(found->list.arena, parent->place, name);
    if (!entry.source || !entry.place)
        return package_no_memory(err);
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return shared_fail(err, SHARED_EIO, errno, "\"%s\": look at %s", package_shown(entry.place).text,
                           package_shown(entry.source).text);
    bool own = package_own_leaves_out(found->list.own, &in, name, &st);
    *children += !own || S_ISDIR(st.st_mode);
    if (own)
        return 0;
    if (S_ISDIR(st.st_mode))
        return find_folder(found, &entry, &st, err);
    return package_leaf_add(&found->list, folder, name, &st, &entry, err);
}

/* The folder itself, its parent, and what may be gone before it can be looked at. */
static bool is_no_child(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || package_own_is_temporary(name);
}

static int find_empty(struct found *found, const struct todo *folder, struct shared_error *err)
{
    /* The one for zips is made by each run that writes some, before it lists anything. */
    if (package_own_is_output(found->list.own, folder->device, folder->inode))
        return 0;
    struct package_entry entry = {.kind = PACKAGE_FOLDER, .source = folder->source};
    entry.place = shared_arena_format(found->list.arena, "%s/", folder->place);
    if (!entry.place)
        return package_no_memory(err);
    return *folder->place ? package_list_add(&found->list, &entry, err) : 0;
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

static int fail_to_list(const char *place, const char *source, struct shared_error *err)
{
    return shared_fail(err, SHARED_EIO, errno, "\"%s\": list the folder %s", package_shown(place).text,
                       package_shown(source).text);
}

/* Goes on after a failure: others may come first. */
static int list_folder(struct walk *walk, const struct todo *todo, struct found *found,
                       struct shared_error *err)
{
    CLEANUP_FOLDER DIR *folder = open_listed(walk, todo);
    size_t children = 0;
    struct dirent *child;
    if (!folder)
        return fail_to_list(todo->place, todo->source, err);
    while ((errno = 0, child = readdir(folder))) {
        if (is_no_child(child->d_name))
            continue;
        if (find_child(walk, found, todo, dirfd(folder), child->d_name, &children, err) < 0)
            note_failure(walk, err);
        if (found->list.count >= FOUND_MOST)
            hand_over(walk, found);
    }
    if (errno)
        return fail_to_list(todo->place, todo->source, err);
    return children ? 0 : find_empty(found, todo, err);
}

/* The next folder; waits for those of other threads. NULL: none is left. */
static struct todo *take(struct walk *walk)
{
    pthread_mutex_lock(&walk->lock);
    while (!walk->todo && walk->listing > 0)
        pthread_cond_wait(&walk->changed, &walk->lock);
    struct todo *todo = walk->todo;
    if (todo) {
        walk->todo = todo->next;
        walk->todo_count--;
        walk->listing++;
    }
    pthread_mutex_unlock(&walk->lock);
    return todo;
}

static void end_listing(struct walk *walk)
{
    pthread_mutex_lock(&walk->lock);
    walk->listing--;
    pthread_cond_broadcast(&walk->changed);
    pthread_mutex_unlock(&walk->lock);
}

/* Until so many folders are left, or all are listed. */
static void list_folders(struct walk *walk, size_t left)
{
    struct found found = {
        .list = {.self = walk->list->self, .program = walk->list->program, .own = walk->list->own}};
    struct todo *todo;
    found.list.arena = walk->list->threads > 1 ? &found.arena : walk->list->arena;
    while ((left == 0 || walk->todo_count <= left) && (todo = take(walk))) {
        struct shared_error err;
        if (list_folder(walk, todo, &found, &err) < 0)
            note_failure(walk, &err);
        hand_over(walk, &found);
        end_listing(walk);
    }
    shared_arena_clean_up(&found.arena);
}

static int help(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    (void)worker;
    (void)index;
    (void)err;
    list_folders(user, 0);
    return 0;
}

static void list_all(struct walk *walk)
{
    unsigned threads = walk->list->threads;
    pthread_mutex_init(&walk->lock, NULL);
    pthread_cond_init(&walk->changed, NULL);
    list_folders(walk, threads > 1 ? FOLDERS_ALONE : 0);
    if (walk->todo)
        pool_run(threads, threads, help, walk, NULL);
    pthread_cond_destroy(&walk->changed);
    pthread_mutex_destroy(&walk->lock);
}

static size_t find_place(const char *source, const char *place, size_t root_size)
{
    size_t source_size = strlen(source), size = strlen(place);
    if (size == 0)
        return root_size;
    if (size > source_size || strcmp(source + source_size - size, place) != 0)
        return NOWHERE;
    return source_size - size;
}

int package_walk(struct package_list *list, const char *source, const char *place, const struct stat *st,
                 struct shared_error *err)
{
    struct walk walk = {.list = list};
    const struct todo top = {NULL, source, place, st->st_dev, st->st_ino};
    if (*place && package_place_check(list, place, source, err) < 0)
        return SHARED_EINVAL;
    CLEANUP_FD int root = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return fail_to_list(place, source, err);
    walk.root = root;
    size_t size = strlen(source);
    walk.root_size = size + (size && source[size - 1] != '/');
    /* path_join leaves out ".", so that a child's source is its path from there. */
    if (strcmp(source, ".") == 0)
        walk.root_size = 0;
    walk.place_at = find_place(source, place, walk.root_size);
    if (push_folder(&walk, &top, err) < 0)
        return SHARED_ENOMEM;
    list_all(&walk);
    if (walk.failed)
        *err = walk.failure;
    return walk.failed ? (int)walk.failure.code : 0;
}
