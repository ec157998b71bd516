#include "content/content_inner.h"

#include "base/cleanup.h"
#include "base/pool.h"

#include <string.h>

/* Files that one thread asks the file system about at a time. */
#define ASKED_AT_ONCE 128

struct reading {
    struct content_set *set;
    struct content_file **of_entries; /* in the order of packages and entries */
    struct content_file **files;      /* those that this call sees first */
    size_t count;
};

static bool is_file(const struct package_entry *entry)
{
    return entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE;
}

static int list_entry(struct reading *reading, const struct package_entry *entry, struct content_file **file,
                      struct shared_error *err)
{
    struct content_set *set = reading->set;
    struct stat_file *kept = stat_cache_file(set->stats, entry->source);
    *file = kept ? kept->user : NULL;
    if (*file)
        return (*file)->size_bytes == entry->size_bytes ? 0 : content_fail_on_change(entry->source, err);
    *file = kept ? shared_arena_alloc(&set->arena, sizeof(**file)) : NULL;
    if (!*file)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to list files");
    **file = (struct content_file){.kept = kept, .size_bytes = entry->size_bytes};
    if (entry->print.inode != 0)
        (*file)->print = stat_print_listed(entry->size_bytes, &entry->print);
    kept->user = *file;
    reading->files[reading->count++] = *file;
    return 0;
}

static int list_files(struct reading *reading, const struct package *packages, size_t count,
                      struct shared_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < packages[i].count; k++) {
            const struct package_entry *entry = &packages[i].entries[k];
            if (k + 16 < packages[i].count) {
                __builtin_prefetch(entry[16].source);
                if (is_file(&entry[8]))
                    stat_cache_prefetch(reading->set->stats, entry[8].source);
            }
            if (!is_file(entry))
                continue;
            int status = list_entry(reading, entry, &reading->of_entries[at++], err);
            if (status < 0)
                return status;
        }
    }
    return 0;
}

/* Whether a file is as it was when it was last read. */
static int ask(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    const struct reading *reading = user;
    size_t end = (index + 1) * ASKED_AT_ONCE;
    (void)worker;
    for (size_t i = index * ASKED_AT_ONCE; i < end && i < reading->count; i++) {
        struct content_file *file = reading->files[i];
        struct stat st;
        if (!file->kept->content)
            continue;
        /* What the listing saw is as good: a change since then is one after this run. */
        if (file->print.inode == 0) {
            if (stat(file->kept->path, &st) < 0)
                return content_fail_on_read(file->kept->path, err);
            if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != file->size_bytes)
                return content_fail_on_change(file->kept->path, err);
            file->print = stat_print_of(&st);
        }
        file->settled = stat_print_equal(&file->print, &file->kept->print);
    }
    return 0;
}

/* Files that the stat cache knows have its hash, and are one where it says so; lists the others. */
static size_t take_known(struct reading *reading, struct content_file **unknown)
{
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++) {
        struct content_file *file = reading->files[i];
        struct stat_content *kept = file->settled ? file->kept->content : NULL;
        if (!kept) {
            unknown[count++] = file;
            continue;
        }
        file->hash = kept->hash;
        file->twin = kept->user;
        if (!kept->user)
            kept->user = file;
    }
    return count;
}

static int read_files(struct reading *reading, struct shared_error *err)
{
    struct content_set *set = reading->set;
    CLEANUP_FREE struct content_file **unknown = malloc((reading->count + 1) * sizeof(*unknown));
    if (!unknown)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %zu files", reading->count);
    size_t parts = (reading->count + ASKED_AT_ONCE - 1) / ASKED_AT_ONCE;
    int status = pool_run(set->threads, parts, ask, reading, err);
    if (status < 0)
        return status;
    size_t count = take_known(reading, unknown);
    set->counts.files_read += count;
    status = content_hash_all(set, unknown, count, err);
    return status < 0 ? status : content_join_all(set, reading->files, reading->count, err);
}

/* default deflates a function's own program harder than the rest. */
static void set_program(struct content_set *set, struct content_item *item)
{
    if (!item->content.program &&
        content_codec(set->options.level, true) != content_codec(set->options.level, false))
        item->known = false;
    item->content.program = true;
}

static void fill_entries(const struct reading *reading, struct package *packages, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < packages[i].count; k++) {
            struct package_entry *entry = &packages[i].entries[k];
            if (!is_file(entry))
                continue;
            struct content_item *item = reading->of_entries[at++]->item;
            entry->content = &item->content;
            if (strcmp(entry->place, "bootstrap") == 0)
                set_program(reading->set, item);
        }
    }
    reading->set->counts.files += at;
}

/* What failed to be read is not known to another call. */
static void forget_files(const struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++) {
        struct stat_file *kept = reading->files[i]->kept;
        if (reading->files[i]->item)
            continue;
        kept->user = NULL;
        if (kept->content && kept->content->user == reading->files[i])
            kept->content->user = NULL;
    }
}

int content_read(struct content_set *set, struct package *packages, size_t count, struct shared_error *err)
{
    size_t entries = 1;
    for (size_t i = 0; i < count; i++)
        entries += packages[i].count;
    CLEANUP_FREE struct content_file **of_entries = malloc(entries * sizeof(*of_entries));
    CLEANUP_FREE struct content_file **files = malloc(entries * sizeof(*files));
    if (!of_entries || !files || !stat_cache_reserve(set->stats, entries))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to list %zu files", entries - 1);
    struct reading reading = {.set = set, .of_entries = of_entries, .files = files};
    int status = list_files(&reading, packages, count, err);
    if (status == 0)
        status = read_files(&reading, err);
    if (status == 0)
        fill_entries(&reading, packages, count);
    else
        forget_files(&reading);
    content_warn_all(set);
    return status;
}
