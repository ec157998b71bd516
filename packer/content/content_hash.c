#include "content/content_inner.h"

#include "base/cleanup.h"
#include "base/pool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Up to here a file is read at once, and may be kept for those of its size that follow; larger ones in pieces that stay
 * in the processor's cache. */
#define WHOLE_BYTES ((size_t)256 << 10)
#define KEPT_BYTES ((size_t)1 << 20)
#define ROOM_BYTES (KEPT_BYTES + WHOLE_BYTES + LINE_BYTES)

/* Of the processor's cache: read(2) copies a fifth faster to where one begins than to where malloc's memory does. Mapping
 * a file and copying nothing takes longer, but where the page cache holds it in pages of 2 MiB, as it seldom does. */
#define LINE_BYTES ((size_t)64)

/* What one thread does at a time: files of one size, so many at most. */
#define UNIT_FILES 512
#define UNIT_BYTES ((size_t)16 << 20)

struct unit {
    size_t first, count;
};

/* A content of the unit that is in memory. */
struct kept {
    struct content_file *file;
    const char *bytes;
};

struct reader {
    char *room; /* ROOM_BYTES; NULL: none yet */
    size_t used;
    struct kept kept[UNIT_FILES];
    size_t kept_count;
};

struct hashing {
    struct content_file **files;
    size_t count;
    struct unit *units;
    size_t unit_count;
    struct reader *readers;
    struct content_set *set;
    double total_bytes, done_bytes;
    pthread_mutex_t lock;
};

/* One read(2) where nothing has changed: it is asked for a byte more than there should be. */
static int read_whole(struct content_file *file, int fd, char *bytes, struct shared_error *err)
{
    size_t size = (size_t)file->size_bytes, done = 0;
    do {
        ssize_t got = read(fd, bytes + done, size + 1 - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return content_fail_on_read(file->kept->path, err);
        done += (size_t)got;
        if (done > size || (got == 0 && done < size))
            return content_fail_on_change(file->kept->path, err);
    } while (done < size);
    file->hash = content_digest(bytes, size);
    return 0;
}

static void free_state(struct XXH3_state_s **state)
{
    content_digest_free(*state);
}

static int read_pieces(struct content_file *file, int fd, char *bytes, struct shared_error *err)
{
    CLEANUP(free_state) struct XXH3_state_s *state = content_digest_begin();
    if (!state)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to hash %s", file->kept->path);
    uint64_t done = 0;
    ssize_t got;
    while ((got = read(fd, bytes, WHOLE_BYTES)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return content_fail_on_read(file->kept->path, err);
        content_digest_add(state, bytes, (size_t)got);
        done += (uint64_t)got;
        if (done > file->size_bytes)
            break;
    }
    if (done != file->size_bytes)
        return content_fail_on_change(file->kept->path, err);
    file->hash = content_digest_end(state);
    return 0;
}

/* Two contents of one hash would both be kept: the hash alone makes no twins. */
static void keep_or_join(struct reader *reader, struct content_file *file, char *bytes)
{
    size_t size = (size_t)file->size_bytes;
    for (size_t i = 0; i < reader->kept_count; i++) {
        const struct kept *kept = &reader->kept[i];
        if (memcmp(&kept->file->hash, &file->hash, sizeof(file->hash)) == 0 &&
            memcmp(kept->bytes, bytes, size) == 0) {
            file->twin = kept->file;
            return;
        }
    }
    /* Behind what is kept, it lies where the next file will. */
    if (reader->used + size > KEPT_BYTES)
        return;
    reader->kept[reader->kept_count++] = (struct kept){file, bytes};
    reader->used += (size + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
}

static int hash_file_of(struct reader *reader, struct content_file *file, struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    int64_t before_ns = stat_cache_now_ns();
    int status = content_file_open(file->kept->path, file->size_bytes, &fd, &file->print, err);
    if (status < 0)
        return status;
    size_t size = (size_t)file->size_bytes;
    char *bytes = reader->room + (reader->used + size <= KEPT_BYTES ? reader->used : KEPT_BYTES);
    status = file->size_bytes <= WHOLE_BYTES ? read_whole(file, fd, bytes, err)
                                             : read_pieces(file, fd, reader->room, err);
    if (status < 0)
        return status;
    if (file->size_bytes <= WHOLE_BYTES)
        keep_or_join(reader, file, bytes);
    file->settled = stat_print_is_settled(&file->print, before_ns);
    file->hashed = true;
    return 0;
}

static void advance(struct hashing *hashing, double bytes)
{
    const struct content_options *options = &hashing->set->options;
    if (!options->progress)
        return;
    pthread_mutex_lock(&hashing->lock);
    hashing->done_bytes += bytes;
    options->progress(options->user, hashing->done_bytes / hashing->total_bytes);
    pthread_mutex_unlock(&hashing->lock);
}

/*
 * Files are read in the order of their sizes and lie in memory in that of their names: what would be waited for is asked for
 * some files ahead. Inlined by force: gcc 12 leaves out the call of what does no more than prefetch.
 */
static inline __attribute__((always_inline)) void look_ahead(const struct hashing *hashing, size_t at)
{
    if (at + 12 >= hashing->count)
        return;
    __builtin_prefetch(hashing->files[at + 12]);
    __builtin_prefetch(hashing->files[at + 8]->kept);
    __builtin_prefetch(hashing->files[at + 4]->kept->path);
    __builtin_prefetch(hashing->files[at + 4]->kept->path + LINE_BYTES);
}

static int hash_unit(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    struct hashing *hashing = user;
    struct reader *reader = &hashing->readers[worker];
    const struct unit *unit = &hashing->units[index];
    if (!reader->room)
        reader->room = aligned_alloc(LINE_BYTES, ROOM_BYTES);
    if (!reader->room)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read files");
    reader->used = reader->kept_count = 0;
    for (size_t i = 0; i < unit->count; i++) {
        look_ahead(hashing, unit->first + i);
        int status = hash_file_of(reader, hashing->files[unit->first + i], err);
        if (status < 0)
            return status;
    }
    advance(hashing, (double)unit->count * (1 + (double)hashing->files[unit->first]->size_bytes));
    return 0;
}

/* A file beside its size: to sort many files is to wait for memory. */
struct sized {
    uint64_t size_bytes;
    struct content_file *file;
};

static int larger_first(const void *a, const void *b)
{
    const struct sized *x = a, *y = b;
    return (x->size_bytes < y->size_bytes) - (x->size_bytes > y->size_bytes);
}

static bool sort_files(struct content_file **files, size_t count)
{
    CLEANUP_FREE struct sized *sized = malloc((count + 1) * sizeof(*sized));
    for (size_t i = 0; sized && i < count; i++)
        sized[i] = (struct sized){files[i]->size_bytes, files[i]};
    if (sized)
        qsort(sized, count, sizeof(*sized), larger_first);
    for (size_t i = 0; sized && i < count; i++)
        files[i] = sized[i].file;
    return sized != NULL;
}

static void make_units(struct hashing *hashing, size_t count)
{
    hashing->total_bytes = 1;
    for (size_t i = 0, of = 0; i < count; i += of) {
        uint64_t size = hashing->files[i]->size_bytes;
        of = 1;
        while (size <= WHOLE_BYTES && i + of < count && hashing->files[i + of]->size_bytes == size &&
               of < UNIT_FILES && (of + 1) * size <= UNIT_BYTES)
            of++;
        hashing->units[hashing->unit_count++] = (struct unit){i, of};
        hashing->total_bytes += (double)of * (1 + (double)size);
    }
}

int content_hash_all(struct content_set *set, struct content_file **files, size_t count,
                     struct shared_error *err)
{
    CLEANUP_FREE struct unit *units = malloc((count + 1) * sizeof(*units));
    CLEANUP_FREE struct reader *readers = calloc(set->threads, sizeof(*readers));
    if (!units || !readers || !sort_files(files, count))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %zu files", count);
    struct hashing hashing = {.files = files, .count = count, .units = units, .readers = readers, .set = set};
    make_units(&hashing, count);
    pthread_mutex_init(&hashing.lock, NULL);
    int status = pool_run(set->threads, hashing.unit_count, hash_unit, &hashing, err);
    pthread_mutex_destroy(&hashing.lock);
    for (unsigned i = 0; i < set->threads; i++)
        free(readers[i].room);
    return status;
}
