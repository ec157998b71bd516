#include "content/blob_gather.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A segment of which a sixteenth is of no use any more is made anew. */
#define WASTE_PART 16

/* For who evicts is waited so long, looking so often. */
#define WAIT_MS 1000
#define WAIT_STEP_MS 10

/* So many segments are full where the folder is; fewer than what are gathered. */
#define FULL_SEGMENTS 4

static uint64_t folder_bytes(const struct blob_stock *stock)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < stock->segment_count; i++)
        bytes += stock->segments[i].file_bytes;
    return bytes;
}

/* Over the limit, down to three quarters of it: what is copied once makes room for a while. */
static void drop_old(struct blob_stock *stock)
{
    uint64_t limit = stock->cache->limit_bytes, kept = 0;
    if (!limit || folder_bytes(stock) <= limit)
        return;
    blob_stock_sort(stock);
    for (size_t i = stock->stream_count; i-- > 0;) {
        struct blob_stream *stream = &stock->streams[i];
        if (stream->dropped)
            continue;
        kept += blob_stock_entry(stock, stream).blob.stream_bytes + BLOB_ENTRY_BYTES;
        stream->dropped = kept > limit - limit / 4;
    }
}

struct by_size {
    uint64_t bytes;
    size_t segment;
};

static int smaller_first(const void *a, const void *b)
{
    const struct by_size *x = a, *y = b;
    return x->bytes < y->bytes   ? -1
           : x->bytes > y->bytes ? 1
                                 : (x->segment > y->segment) - (x->segment < y->segment);
}

/* Where there are too many segments the smallest go into one, and with them those that are no larger than they
 * together: a stream is copied as often as what it lies in doubles. */
static void choose_small(struct blob_stock *stock, const uint64_t *kept_bytes)
{
    size_t count = 0, wanted = BLOB_SEGMENTS_GATHER / 2;
    uint64_t sum = 0;
    CLEANUP_FREE struct by_size *sizes = malloc((stock->segment_count + 1) * sizeof(*sizes));
    for (size_t i = 0; sizes && i < stock->segment_count; i++)
        if (!stock->remake[i])
            sizes[count++] = (struct by_size){kept_bytes[i], i};
    if (!sizes || count <= BLOB_SEGMENTS_GATHER)
        return;
    qsort(sizes, count, sizeof(*sizes), smaller_first);
    for (size_t i = 0; i < count && (i < count - wanted || sizes[i].bytes <= sum); i++) {
        sum += sizes[i].bytes;
        stock->remake[sizes[i].segment] = true;
    }
}

static int choose(struct blob_stock *stock)
{
    blob_stock_drop_damaged(stock);
    blob_stock_drop_doubles(stock);
    drop_old(stock);
    CLEANUP_FREE uint64_t *kept_bytes = blob_stock_kept_bytes(stock);
    if (!kept_bytes)
        return -1;
    for (size_t i = 0; i < stock->segment_count; i++) {
        uint64_t there = stock->segments[i].file_bytes;
        stock->remake[i] |= there - kept_bytes[i] > there / WASTE_PART;
    }
    choose_small(stock, kept_bytes);
    return 0;
}

/* Without room to make anything anew: whole segments go, the oldest first, until the rest is under the limit. */
static void drop_segments(struct blob_stock *stock)
{
    uint64_t bytes = folder_bytes(stock), limit = stock->cache->limit_bytes;
    while (limit && bytes > limit) {
        struct blob_segment *oldest = NULL;
        for (size_t i = 0; i < stock->segment_count; i++) {
            struct blob_segment *segment = &stock->segments[i];
            if (segment->file_bytes && (!oldest || segment->trailer.made_ns < oldest->trailer.made_ns))
                oldest = segment;
        }
        blob_sweep_segment(stock->cache->folder_fd, oldest->name);
        bytes -= oldest->file_bytes;
        oldest->file_bytes = 0;
    }
}

static bool is_over(const struct blob_cache *cache)
{
    return cache->limit_bytes && cache->folder_bytes > cache->limit_bytes;
}

/* What lies in the folder is not read for the sake of leftovers, which may be what others write just now. */
static bool needs_eviction(const struct blob_cache *cache)
{
    return cache->damage_told || cache->folder_segments > BLOB_SEGMENTS_GATHER || is_over(cache);
}

static void evict_listed(struct blob_cache *cache, const struct blob_list *list)
{
    CLEANUP(blob_stock_clean_up) struct blob_stock stock = {0};
    uint64_t largest = cache->limit_bytes ? cache->limit_bytes / FULL_SEGMENTS : UINT64_MAX;
    blob_sweep(cache->folder_fd, list);
    if (!needs_eviction(cache))
        return;
    if (blob_stock_read(&stock, cache, list) < 0 || choose(&stock) < 0)
        return;
    if (blob_gather(&stock, largest) < 0)
        drop_segments(&stock);
}

/* Bytes of the folder now: others may have added, or evicted, since it was opened. */
static void count_again(struct blob_cache *cache)
{
    CLEANUP(blob_list_clean_up) struct blob_list list = {0};
    uint64_t bytes = 0;
    if (blob_list_read(cache->folder_fd, &list) < 0)
        return;
    for (size_t i = 0; i < list.count; i++) {
        char file[BLOB_FILE_BYTES];
        struct stat st;
        blob_file_name(file, list.files[i].name, "blobs");
        if (list.files[i].kind != BLOB_FILE_SEGMENT ||
            fstatat(cache->folder_fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
            continue;
        bytes += (uint64_t)st.st_size;
    }
    cache->folder_bytes = bytes;
}

/* Who evicts may have listed the folder before this run's segment was in it: then nobody else takes care of that. */
static bool lock_folder(const struct blob_cache *cache, int lock)
{
    bool waits = cache->has_grown && is_over(cache);
    for (int waited_ms = 0;; waited_ms += WAIT_STEP_MS) {
        if (flock(lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            return true;
        if (!waits || waited_ms >= WAIT_MS)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = WAIT_STEP_MS * 1000000L}, NULL);
    }
}

void blob_evict(struct blob_cache *cache)
{
    if (cache->has_grown)
        count_again(cache);
    if (!cache->has_leftovers && !needs_eviction(cache))
        return;
    CLEANUP_FD int lock = openat(cache->folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CLEANUP(blob_list_clean_up) struct blob_list list = {0};
    if (lock < 0 || !lock_folder(cache, lock))
        return;
    if (cache->has_grown)
        count_again(cache);
    if (blob_list_read(cache->folder_fd, &list) == 0)
        evict_listed(cache, &list);
}
