#include "content/content_inner.h"

#include "base/cleanup.h"
#include "base/pool.h"

#include <string.h>

/* Files whose hash another content has already: they are read again, beside it. */
struct pending {
    struct content_set *set;
    struct content_file **files;
    size_t count;
};

static struct content_item **slot_of(const struct content_set *set, const struct hash *hash)
{
    size_t at;
    memcpy(&at, hash->bytes, sizeof(at));
    return &set->slots[at & (set->slot_count - 1)];
}

/* Room for so many items more. */
static bool reserve(struct content_set *set, size_t more)
{
    size_t count = set->slot_count ? set->slot_count : 4096;
    while (count < set->item_count + more)
        count *= 2;
    if (count == set->slot_count)
        return true;
    struct content_item **slots = calloc(count, sizeof(struct content_item *));
    if (!slots)
        return false;
    free(set->slots);
    set->slots = slots;
    set->slot_count = count;
    for (struct content_item *item = set->first; item; item = item->next) {
        struct content_item **slot = slot_of(set, &item->content.hash);
        item->same_hash = *slot;
        *slot = item;
    }
    return true;
}

/* The first content of that hash and size from item on. */
static struct content_item *find_from(struct content_item *item, const struct content_file *file)
{
    while (item && (item->content.size_bytes != file->size_bytes ||
                    memcmp(&item->content.hash, &file->hash, sizeof(file->hash)) != 0))
        item = item->same_hash;
    return item;
}

static struct content_item *find(const struct content_set *set, const struct content_file *file)
{
    return set->slot_count ? find_from(*slot_of(set, &file->hash), file) : NULL;
}

/* Those of one hash that differ are known by what they are in this run alone. */
static void set_apart(struct content_set *set, struct content_item *item, const struct content_file *file)
{
    for (struct content_item *other = find(set, file); other; other = find_from(other->same_hash, file)) {
        if (!other->apart) {
            other->apart = ++set->apart_count;
            other->known = false;
        }
        if (!item->apart)
            item->apart = ++set->apart_count;
    }
}

static int add_item(struct content_set *set, struct content_file *file, struct shared_error *err)
{
    struct content_item *item = NULL;
    if (reserve(set, 1))
        item = shared_arena_alloc(&set->arena, sizeof(*item));
    struct stat_content *kept = file->hashed ? NULL : file->kept->content;
    if (item && !kept)
        kept = stat_cache_content(set->stats);
    if (!item || !kept)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the contents of files");
    kept->hash = file->hash;
    kept->size_bytes = file->size_bytes;
    *item = (struct content_item){
        .content = {.hash = file->hash, .size_bytes = file->size_bytes, .source = file->kept->path},
        .kept = kept};
    set_apart(set, item, file);
    struct content_item **slot = slot_of(set, &file->hash);
    item->same_hash = *slot;
    *slot = item;
    *set->end = item;
    set->end = &item->next;
    set->item_count++;
    file->item = item;
    return 0;
}

static struct content_file *leader_of(struct content_file *file)
{
    return file->twin ? file->twin : file;
}

/* Compares a file with all contents of its hash that there are. */
static int compare(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    const struct pending *pending = user;
    struct content_file *file = pending->files[index];
    (void)worker;
    for (struct content_item *item = find(pending->set, file); item;
         item = find_from(item->same_hash, file)) {
        int same = content_compare(file->kept->path, item->content.source, file->size_bytes, err);
        if (same < 0)
            return same;
        if (same > 0) {
            file->item = item;
            return 0;
        }
    }
    return 0;
}

/* Makes an item of the first file of each hash, lists the others. Those go first that the stat cache knows: what else it
 * knows of their contents is then not found out again. */
static int list_pending(struct content_set *set, struct content_file **files, size_t count, bool hashed,
                        struct pending *pending, struct shared_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct content_file *file = files[i];
        if (i + 8 < count)
            __builtin_prefetch(slot_of(set, &files[i + 8]->hash));
        if (file->twin || file->item || file->hashed != hashed)
            continue;
        int status = 0;
        if (find(set, file))
            pending->files[pending->count++] = file;
        else
            status = add_item(set, file, err);
        if (status < 0)
            return status;
    }
    return 0;
}

/* What is like none of the contents there were may be like one of these. */
static int resolve(struct pending *pending, struct shared_error *err)
{
    for (size_t i = 0; i < pending->count; i++) {
        struct content_file *file = pending->files[i];
        int status = file->item ? 0 : compare(pending, 0, i, err);
        if (status == 0 && !file->item)
            status = add_item(pending->set, file, err);
        if (status < 0)
            return status;
        pending->set->counts.files_read += !file->hashed;
    }
    return 0;
}

/* Gives a file the content of its leader. What was found out in this run is kept in the stat cache. */
static void join(struct content_set *set, struct content_file *file)
{
    struct content_item *item = file->item = leader_of(file)->item;
    struct stat_content *kept = file->hashed && !file->settled ? NULL : item->kept;
    if (file->kept->path != item->content.source && strcmp(file->kept->path, item->content.source) < 0)
        item->content.source = file->kept->path;
    if (file->hashed)
        file->kept->print = file->print;
    if (file->kept->content != kept || (file->hashed && kept))
        set->stats->changed = true;
    file->kept->content = kept;
    file->kept->used = true;
}

int content_join_all(struct content_set *set, struct content_file **files, size_t count,
                     struct shared_error *err)
{
    CLEANUP_FREE struct content_file **list = malloc((count + 1) * sizeof(struct content_file *));
    struct pending pending = {.set = set, .files = list};
    if (!list || !reserve(set, count))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compare %zu files", count);
    unsigned threads = set->threads < POOL_THREADS_OF_TWO ? set->threads : POOL_THREADS_OF_TWO;
    int status = list_pending(set, files, count, false, &pending, err);
    if (status == 0)
        status = list_pending(set, files, count, true, &pending, err);
    if (status == 0)
        status = pool_run(threads, pending.count, compare, &pending, err);
    if (status == 0)
        status = resolve(&pending, err);
    for (size_t i = 0; status == 0 && i < count; i++) {
        if (i + 8 < count && files[i + 8]->twin)
            __builtin_prefetch(files[i + 8]->twin);
        join(set, files[i]);
    }
    return status;
}
