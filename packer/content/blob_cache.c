#include "content/blob_cache.h"

#include "base/cleanup.h"
#include "content/blob_bytes.h"
#include "content/blob_inner.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct blob_key blob_key(const struct hash *content, uint64_t size_bytes, const char *codec)
{
    unsigned char text[40];
    struct hash codec_hash = hash_bytes(shared_slice_from_text(codec));
    memcpy(text, content->bytes, 16);
    blob_put(text + 16, 8, size_bytes);
    memcpy(text + 24, codec_hash.bytes, 16);
    struct hash hash = hash_bytes(shared_slice_of(text, sizeof(text)));
    struct blob_key key;
    memcpy(key.bytes, hash.bytes, sizeof(key.bytes));
    return key;
}

void blob_warn(const struct blob_cache *cache, const char *format, ...)
{
    char text[SHARED_ERROR_TEXT_BYTES];
    if (!cache->warn)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    cache->warn(cache->warn_user, text);
}

static void release(struct blob_cache *cache)
{
    for (size_t i = 0; i < cache->segment_count; i++)
        blob_segment_clean_up(&cache->segments[i]);
    blob_added_clean_up(&cache->added);
    for (int i = 0; i < PART_COUNT; i++)
        close_fd(&cache->parts[i].fd);
    close_fd(&cache->folder_fd);
    pthread_cond_destroy(&cache->part_free);
    pthread_mutex_destroy(&cache->lock);
    free(cache->segments);
    free(cache->folder);
    free(cache->scratch);
    free(cache);
}

static struct blob_cache *new_cache(const struct blob_cache_options *options)
{
    struct blob_cache *cache = calloc(1, sizeof(*cache));
    if (!cache)
        return NULL;
    cache->limit_bytes = options->limit_bytes;
    cache->today = options->today;
    cache->warn = options->warn;
    cache->warn_user = options->warn_user;
    cache->folder_fd = -1;
    for (int i = 0; i < PART_COUNT; i++)
        cache->parts[i].fd = -1;
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->part_free, NULL);
    cache->folder = options->folder ? strdup(options->folder) : NULL;
    cache->scratch = strdup(options->scratch ? options->scratch : ".");
    if ((options->folder && !cache->folder) || !cache->scratch) {
        release(cache);
        return NULL;
    }
    return cache;
}

struct blob_cache *blob_cache_open(const struct blob_cache_options *options, struct shared_error *err)
{
    struct blob_cache *cache = new_cache(options);
    if (!cache) {
        shared_fail(err, SHARED_ENOMEM, 0, "no memory for the cache of blobs");
        return NULL;
    }
    if (cache->folder)
        blob_folder_open(cache);
    if (!cache->folder_takes && !blob_part_for(cache, false, err)) {
        release(cache);
        return NULL;
    }
    return cache;
}

void blob_cache_close(struct blob_cache *cache)
{
    if (!cache)
        return;
    for (unsigned i = 0; i < PART_COUNT; i++)
        blob_part_close(cache, i);
    if (cache->folder_writable) {
        blob_use_note(cache);
        blob_evict(cache);
    }
    release(cache);
}

static bool find_in_segments(const struct blob_cache *cache, const struct blob_key *key,
                             struct blob_place *place)
{
    for (size_t i = 0; i < cache->segment_count; i++) {
        struct blob_segment *segment = &cache->segments[i];
        size_t position = blob_index_find(segment->index, (size_t)segment->trailer.count, key);
        if (position == SIZE_MAX)
            continue;
        unsigned char marks = atomic_load_explicit(&segment->marks[position], memory_order_relaxed);
        if (marks & BLOB_DAMAGED)
            continue;
        *place = (struct blob_place){.entry = blob_index_entry(segment->index, position),
                                     .fd = segment->fd,
                                     .segment = segment,
                                     .position = position,
                                     .marks = marks};
        return true;
    }
    return false;
}

static bool find_in_added(const struct blob_cache *cache, const struct blob_key *key,
                          struct blob_place *place)
{
    size_t position = blob_added_find(&cache->added, key);
    if (position == SIZE_MAX)
        return false;
    const struct blob_added *stream = &cache->added.streams[position];
    *place = (struct blob_place){.entry = stream->entry,
                                 .fd = cache->parts[stream->part].fd,
                                 .position = position,
                                 .marks = stream->marks};
    return true;
}

bool blob_place_find(struct blob_cache *cache, const struct blob_key *key, struct blob_place *place)
{
    if (find_in_segments(cache, key, place))
        return true;
    pthread_mutex_lock(&cache->lock);
    bool found = find_in_added(cache, key, place);
    pthread_mutex_unlock(&cache->lock);
    return found;
}

void blob_place_mark(struct blob_cache *cache, const struct blob_place *place, unsigned char marks)
{
    if (place->segment) {
        atomic_fetch_or_explicit(&place->segment->marks[place->position], marks, memory_order_relaxed);
        return;
    }
    pthread_mutex_lock(&cache->lock);
    cache->added.streams[place->position].marks |= marks;
    pthread_mutex_unlock(&cache->lock);
}

bool blob_cache_find(struct blob_cache *cache, const struct blob_key *key, struct blob *blob)
{
    struct blob_place place;
    if (!blob_place_find(cache, key, &place))
        return false;
    if (place.segment && !(place.marks & BLOB_USED))
        blob_place_mark(cache, &place, BLOB_USED);
    *blob = place.entry.blob;
    return true;
}

/* Puts bytes behind what a part holds. 1: the folder takes no more, again; 0: done. */
static int write_whole(struct blob_cache *cache, struct shared_slice stream, struct blob_added *added,
                       struct shared_error *err)
{
    pthread_mutex_lock(&cache->lock);
    struct blob_part *part = blob_part_for(cache, false, err);
    if (part) {
        added->entry.offset = part->end;
        added->part = (unsigned char)(part - cache->parts);
        part->end += stream.size_bytes;
    }
    pthread_mutex_unlock(&cache->lock);
    if (!part)
        return SHARED_EIO;
    if (blob_file_write(part->fd, stream.data, stream.size_bytes, added->entry.offset) == 0)
        return 0;
    int failure = errno;
    if (!part->in_folder)
        return shared_fail(err, SHARED_EIO, failure, "write to %s, where compressed files are kept meanwhile",
                           cache->scratch);
    pthread_mutex_lock(&cache->lock);
    blob_part_leave_folder(cache, failure);
    pthread_mutex_unlock(&cache->lock);
    return 1;
}

int blob_cache_add(struct blob_cache *cache, const struct blob_key *key, const struct blob *blob,
                   struct shared_slice stream, struct shared_error *err)
{
    struct blob_place there;
    if (stream.size_bytes != blob->stream_bytes)
        return shared_fail(err, SHARED_EINVAL, 0, "a stream of %zu bytes is said to have %ju",
                           stream.size_bytes, (uintmax_t)blob->stream_bytes);
    if (blob_place_find(cache, key, &there))
        return 0;
    struct blob_added added = {
        .entry = {.key = *key, .blob = *blob, .checksum = XXH3_64bits(stream.data, stream.size_bytes)}};
    int status;
    do
        status = write_whole(cache, stream, &added, err);
    while (status > 0);
    return status < 0 ? status : blob_added_give(cache, &added, err);
}

/* The whole of a stream, at once: checked as it is read. */
static int read_whole(const struct blob_place *place, void *data)
{
    size_t size = (size_t)place->entry.blob.stream_bytes;
    if (blob_file_read(place->fd, data, size, place->entry.offset) < 0)
        return -1;
    if (XXH3_64bits(data, size) == place->entry.checksum)
        return 0;
    errno = EBADMSG;
    return -1;
}

/* failure: an errno; EBADMSG of bytes that could be read. */
static int forget(struct blob_cache *cache, const struct blob_place *place, int failure,
                  struct shared_error *err)
{
    const char *folder = cache->folder ? cache->folder : cache->scratch;
    bool damaged = failure == EBADMSG, told;
    blob_place_mark(cache, place, BLOB_DAMAGED);
    told = atomic_exchange(&cache->damage_told, true);
    if (!told && damaged)
        blob_warn(cache, "cache %s: a blob was damaged; it is made again", folder);
    else if (!told)
        blob_warn(cache, "cache %s: a blob cannot be read: %s; it is made again", folder, strerror(failure));
    return shared_fail(err, SHARED_EPROTO, damaged ? 0 : failure, "a compressed file that was kept %s",
                       damaged ? "is damaged" : "cannot be read");
}

void blob_cache_forget(struct blob_cache *cache, const struct blob_key *key)
{
    struct blob_place place;
    if (blob_place_find(cache, key, &place))
        forget(cache, &place, EBADMSG, NULL);
}

ssize_t blob_cache_read(struct blob_cache *cache, const struct blob_key *key, uint64_t offset, void *data,
                        size_t size_bytes, struct shared_error *err)
{
    struct blob_place place;
    if (!blob_place_find(cache, key, &place))
        return shared_fail(err, SHARED_ENOTFOUND, 0, "no such compressed file is kept");
    uint64_t stream_bytes = place.entry.blob.stream_bytes;
    bool whole = offset == 0 && size_bytes >= stream_bytes, checked = place.marks & BLOB_CHECKED;
    if (!checked) {
        if ((whole ? read_whole(&place, data) : blob_file_check(place.fd, &place.entry)) < 0)
            return forget(cache, &place, errno, err);
        blob_place_mark(cache, &place, BLOB_CHECKED);
        if (whole)
            return (ssize_t)stream_bytes;
    }
    if (offset >= stream_bytes)
        return 0;
    if (size_bytes > stream_bytes - offset)
        size_bytes = (size_t)(stream_bytes - offset);
    if (blob_file_read(place.fd, data, size_bytes, place.entry.offset + offset) < 0)
        return forget(cache, &place, errno, err);
    return (ssize_t)size_bytes;
}
