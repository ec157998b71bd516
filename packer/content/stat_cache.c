#include "content/stat_inner.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

#define FIRST_SLOTS 4096
#define FILE_LIMIT_BYTES (1ull << 30)
#define SECOND_NS 1000000000

static int64_t ns_of(const struct timespec *time)
{
    return time->tv_sec * (int64_t)SECOND_NS + time->tv_nsec;
}

struct stat_print stat_print_listed(uint64_t size_bytes, const struct package_print *print)
{
    return (struct stat_print){.size_bytes = size_bytes,
                               .inode = print->inode,
                               .device = print->device,
                               .modified_ns = print->modified_ns,
                               .changed_ns = print->changed_ns};
}

struct stat_print stat_print_of(const struct stat *st)
{
    const struct package_print print = package_print_of(st);
    return stat_print_listed((uint64_t)st->st_size, &print);
}

bool stat_print_equal(const struct stat_print *a, const struct stat_print *b)
{
    return a->size_bytes == b->size_bytes && a->inode == b->inode && a->device == b->device &&
           a->modified_ns == b->modified_ns && a->changed_ns == b->changed_ns;
}

int64_t stat_cache_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return ns_of(&now);
}

/* A time of whole seconds may be that of a file system that has no finer ones. */
static bool is_before(int64_t time_ns, int64_t moment_ns)
{
    return time_ns % SECOND_NS == 0 ? time_ns + 2 * (int64_t)SECOND_NS <= moment_ns : time_ns < moment_ns;
}

/* ctime alone: a program cannot set it, and it changes with each mtime. One that lies in the future is no moment that
 * has passed. */
bool stat_print_is_settled(const struct stat_print *print, int64_t before_reading_ns)
{
    return is_before(print->changed_ns, before_reading_ns);
}

uint64_t stat_codecs_hash(struct shared_slice codecs)
{
    return XXH3_64bits(codecs.data, codecs.size_bytes);
}

static struct stat_slot *slot_of(struct stat_cache *cache, const char *path, uint64_t hash)
{
    size_t at = (size_t)hash & (cache->slot_count - 1);
    for (; cache->slots[at].file; at = (at + 1) & (cache->slot_count - 1)) {
        if (cache->slots[at].path_hash == hash && strcmp(cache->slots[at].file->path, path) == 0)
            break;
    }
    return &cache->slots[at];
}

bool stat_cache_reserve(struct stat_cache *cache, size_t more)
{
    size_t old_count = cache->slot_count, count = old_count ? old_count : FIRST_SLOTS;
    while (count / 2 < cache->count + more)
        count *= 2;
    if (count == old_count)
        return true;
    struct stat_slot *old = cache->slots, *slots = calloc(count, sizeof(*slots));
    if (!slots)
        return false;
    cache->slots = slots;
    cache->slot_count = count;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].file)
            *slot_of(cache, old[i].file->path, old[i].path_hash) = old[i];
    }
    free(old);
    return true;
}

struct stat_file *stat_cache_file(struct stat_cache *cache, const char *path)
{
    if (!stat_cache_reserve(cache, 1))
        return NULL;
    size_t size = strlen(path);
    uint64_t hash = XXH3_64bits(path, size);
    struct stat_slot *slot = slot_of(cache, path, hash);
    if (slot->file)
        return slot->file;
    struct stat_file *file = shared_arena_alloc(&cache->arena, sizeof(*file));
    if (!file)
        return NULL;
    *file = (struct stat_file){.path = path};
    cache->count++;
    cache->paths_bytes += size + 1;
    *cache->end = file;
    cache->end = &file->next;
    *slot = (struct stat_slot){hash, file};
    return file;
}

void stat_cache_prefetch(const struct stat_cache *cache, const char *path)
{
    __builtin_prefetch(&cache->slots[(size_t)XXH3_64bits(path, strlen(path)) & (cache->slot_count - 1)]);
}

struct stat_content *stat_cache_content(struct stat_cache *cache)
{
    struct stat_content *content = shared_arena_alloc(&cache->arena, sizeof(*content));
    if (content)
        memset(content, 0, sizeof(*content));
    return content;
}

const struct stat_stream *stat_content_stream(const struct stat_content *content, int level)
{
    for (unsigned i = 0; i < content->stream_count; i++) {
        if (content->streams[i].level == level)
            return &content->streams[i];
    }
    return NULL;
}

bool stat_content_note(struct stat_content *content, const struct stat_stream *stream)
{
    const struct stat_stream *there = stat_content_stream(content, stream->level);
    if (there && there->method == stream->method && there->bytes == stream->bytes)
        return false;
    unsigned at = there ? (unsigned)(there - content->streams) : content->stream_count;
    if (at == STAT_STREAMS) {
        memmove(content->streams, content->streams + 1, (STAT_STREAMS - 1) * sizeof(*content->streams));
        at--;
    }
    content->streams[at] = *stream;
    if (at == content->stream_count)
        content->stream_count++;
    return true;
}

/* Nothing of a cache that cannot be read is missed: the files are. */
static void read_cache(struct stat_cache *cache, struct shared_slice codecs)
{
    struct shared_slice content;
    struct stat st;
    if (stat(cache->path, &st) < 0 ||
        file_read(cache->path, FILE_LIMIT_BYTES, &cache->arena, &content, NULL) < 0)
        return;
    if (stat_cache_parse(cache, content, stat_codecs_hash(codecs), ns_of(&st.st_mtim)))
        return;
    memset(cache->slots, 0, cache->slot_count * sizeof(*cache->slots));
    cache->end = &cache->first;
    cache->first = NULL;
    cache->count = cache->paths_bytes = 0;
    cache->changed = true;
}

struct stat_cache *stat_cache_open(const char *path, struct shared_slice codecs, struct shared_error *err)
{
    struct stat_cache *cache = calloc(1, sizeof(*cache));
    if (cache)
        cache->end = &cache->first;
    if (cache)
        cache->path = shared_arena_copy(&cache->arena, shared_slice_from_text(path));
    if (!cache || !cache->path || !stat_cache_reserve(cache, 1)) {
        shared_fail(err, SHARED_ENOMEM, 0, "no memory for %s", path);
        stat_cache_close(cache);
        return NULL;
    }
    read_cache(cache, codecs);
    return cache;
}

void stat_cache_close(struct stat_cache *cache)
{
    if (!cache)
        return;
    shared_arena_clean_up(&cache->arena);
    free(cache->slots);
    free(cache);
}
