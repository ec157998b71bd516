#include "content/blob_inner.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const suffixes[] = {
    [BLOB_FILE_SEGMENT] = ".blobs",
    [BLOB_FILE_USE] = ".use",
    [BLOB_FILE_PART] = ".part",
};

/* Files of other names are somebody else's. */
static bool is_ours(const char *name, struct blob_file *file)
{
    size_t digits = strspn(name, "0123456789abcdef");
    if (digits != BLOB_NAME_BYTES - 1)
        return false;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
        if (strcmp(name + digits, suffixes[i]) == 0) {
            memcpy(file->name, name, digits);
            file->name[digits] = '\0';
            file->kind = (enum blob_file_kind)i;
            return true;
        }
    return false;
}

static int add(struct blob_list *list, size_t *capacity, const struct blob_file *file)
{
    if (list->count == *capacity) {
        size_t more = *capacity ? 2 * *capacity : 64;
        struct blob_file *files = realloc(list->files, more * sizeof(*files));
        if (!files)
            return -1;
        list->files = files;
        *capacity = more;
    }
    list->files[list->count++] = *file;
    return 0;
}

int blob_list_read(int folder_fd, struct blob_list *list)
{
    *list = (struct blob_list){0};
    /* Not dup(2): the two would share where reading stands. */
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CLEANUP_FOLDER DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    size_t capacity = 0;
    struct dirent *entry;
    while ((errno = 0, entry = readdir(folder))) {
        struct blob_file file;
        if (is_ours(entry->d_name, &file) && add(list, &capacity, &file) < 0)
            return -1;
    }
    return errno ? -1 : 0;
}

void blob_list_clean_up(struct blob_list *list)
{
    free(list->files);
    *list = (struct blob_list){0};
}
