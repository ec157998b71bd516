#include "symbolize/debug_files.h"

#include "base/cleanup.h"
#include "base/path.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int add_file(struct debug_files *files, const char *path, struct shared_error *err)
{
    struct build_id id;
    size_t size = sizeof(*files->entries);
    int status = build_id_read(path, &id, err);
    if (status < 0)
        return status;
    struct debug_files_entry *entries =
        shared_arena_resize(files->arena, files->entries, files->count * size, (files->count + 1) * size);
    const char *copy = shared_arena_copy(files->arena, shared_slice_from_text(path));
    if (!entries || !copy)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %s", path);
    files->entries = entries;
    struct debug_files_entry *entry = &entries[files->count++];
    *entry = (struct debug_files_entry){.path = copy};
    for (size_t i = 0; i < id.size_bytes; i++)
        snprintf(entry->build_id + 2 * i, 3, "%02x", id.bytes[i]);
    return 0;
}

static int is_debug(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > 6 && strcmp(entry->d_name + size - 6, ".debug") == 0;
}

static int add_folder(struct debug_files *files, const char *path, struct shared_error *err)
{
    struct dirent **names;
    int count = scandir(path, &names, is_debug, alphasort), status = 0;
    if (count < 0)
        return shared_fail(err, SHARED_EIO, errno, "read folder %s", path);
    for (int i = 0; i < count; i++) {
        const char *file = path_join(files->arena, path, names[i]->d_name);
        if (!file)
            status = shared_fail(err, SHARED_ENOMEM, 0, "no memory for the files of %s", path);
        else if (status == 0 && add_file(files, file, err) == SHARED_ENOMEM)
            status = SHARED_ENOMEM;
        free(names[i]);
    }
    free(names);
    return status;
}

int debug_files_add(struct debug_files *files, const char *path, struct shared_error *err)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s", path);
    return S_ISDIR(st.st_mode) ? add_folder(files, path, err) : add_file(files, path, err);
}

static struct debug_files_entry *find(const struct debug_files *files, const char *build_id)
{
    if (!*build_id)
        return files->count == 1 ? files->entries : NULL;
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->entries[i].build_id, build_id) == 0)
            return &files->entries[i];
    }
    return NULL;
}

static int fail_not_found(const struct debug_files *files, const char *build_id, struct shared_error *err)
{
    if (!*build_id)
        return shared_fail(
            err, SHARED_ENOTFOUND, 0,
            "a crash has no build id, and there are %zu files that it may be of: give one with --debug",
            files->count);
    if (files->count == 1)
        return shared_fail(
            err, SHARED_ENOTFOUND, 0,
            "a crash has build id %.40s, %s has %s: give the NAME.debug of that build with --debug", build_id,
            files->entries->path, *files->entries->build_id ? files->entries->build_id : "none");
    return shared_fail(err, SHARED_ENOTFOUND, 0,
                       "none of %zu files has build id %.64s: give the NAME.debug of that build with --debug",
                       files->count, build_id);
}

int debug_files_get(struct debug_files *files, const char *build_id, struct debug_file **file,
                    const char **path, struct shared_error *err)
{
    struct debug_files_entry *entry = find(files, build_id);
    *file = NULL;
    *path = entry ? entry->path : NULL;
    if (!entry)
        return fail_not_found(files, build_id, err);
    int status = entry->file ? 0 : debug_file_open(entry->path, &entry->file, err);
    *file = entry->file;
    return status;
}

void debug_files_clean_up(struct debug_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        debug_file_close(files->entries[i].file);
    files->count = 0;
}
