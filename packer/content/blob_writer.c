#include "content/blob_inner.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <xxhash.h>

#define MOVE_BYTES_AT_ONCE (64u << 10)

struct blob_writer {
    struct blob_cache *cache;
    struct blob_part *part; /* ours until the end */
    struct blob_key key;
    uint64_t size_bytes;
    XXH3_state_t *state;
};

/* The part for pieces, waited for. */
static struct blob_part *take_part(struct blob_cache *cache, struct shared_error *err)
{
    pthread_mutex_lock(&cache->lock);
    struct blob_part *part = blob_part_for(cache, true, err);
    while (part && part->busy) {
        pthread_cond_wait(&cache->part_free, &cache->lock);
        part = blob_part_for(cache, true, err);
    }
    if (part)
        part->busy = true;
    pthread_mutex_unlock(&cache->lock);
    return part;
}

static void give_part_back(struct blob_cache *cache, struct blob_part *part)
{
    pthread_mutex_lock(&cache->lock);
    part->busy = false;
    pthread_cond_broadcast(&cache->part_free);
    pthread_mutex_unlock(&cache->lock);
}

static void free_writer(struct blob_writer *writer)
{
    XXH3_freeState(writer->state);
    free(writer);
}

struct blob_writer *blob_cache_begin(struct blob_cache *cache, const struct blob_key *key,
                                     struct shared_error *err)
{
    struct blob_writer *writer = calloc(1, sizeof(*writer));
    if (writer)
        writer->state = XXH3_createState();
    if (!writer || !writer->state) {
        free(writer);
        shared_fail(err, SHARED_ENOMEM, 0, "no memory to keep a compressed file");
        return NULL;
    }
    writer->cache = cache;
    writer->key = *key;
    XXH3_64bits_reset(writer->state);
    writer->part = take_part(cache, err);
    if (!writer->part) {
        free_writer(writer);
        return NULL;
    }
    return writer;
}

static int copy_to(const struct blob_part *from, const struct blob_part *to, uint64_t size_bytes)
{
    char buffer[MOVE_BYTES_AT_ONCE];
    for (uint64_t done = 0; done < size_bytes;) {
        size_t size = size_bytes - done < sizeof(buffer) ? (size_t)(size_bytes - done) : sizeof(buffer);
        if (blob_file_read(from->fd, buffer, size, from->end + done) < 0 ||
            blob_file_write(to->fd, buffer, size, to->end + done) < 0)
            return -1;
        done += size;
    }
    return 0;
}

/* What was written of the stream so far goes on in scratch. */
static int move_to_scratch(struct blob_writer *writer, int failure, struct shared_error *err)
{
    struct blob_cache *cache = writer->cache;
    pthread_mutex_lock(&cache->lock);
    blob_part_leave_folder(cache, failure);
    pthread_mutex_unlock(&cache->lock);
    struct blob_part *scratch = take_part(cache, err);
    if (!scratch)
        return SHARED_EIO;
    int status = copy_to(writer->part, scratch, writer->size_bytes);
    failure = errno;
    give_part_back(cache, writer->part);
    writer->part = scratch;
    return status == 0
               ? 0
               : shared_fail(err, SHARED_EIO, failure,
                             "write to %s, where compressed files are kept meanwhile", cache->scratch);
}

int blob_writer_add(struct blob_writer *writer, struct shared_slice piece, struct shared_error *err)
{
    while (blob_file_write(writer->part->fd, piece.data, piece.size_bytes,
                           writer->part->end + writer->size_bytes) < 0) {
        int failure = errno;
        if (!writer->part->in_folder)
            return shared_fail(err, SHARED_EIO, failure,
                               "write to %s, where compressed files are kept meanwhile",
                               writer->cache->scratch);
        int status = move_to_scratch(writer, failure, err);
        if (status < 0)
            return status;
    }
    XXH3_64bits_update(writer->state, piece.data, piece.size_bytes);
    writer->size_bytes += piece.size_bytes;
    return 0;
}

int blob_writer_end(struct blob_writer *writer, const struct blob *blob, struct shared_error *err)
{
    struct blob_cache *cache = writer->cache;
    struct blob_part *part = writer->part;
    if (blob->stream_bytes != writer->size_bytes) {
        uint64_t size_bytes = writer->size_bytes;
        blob_writer_abandon(writer);
        return shared_fail(err, SHARED_EINVAL, 0, "a stream of %ju bytes is said to have %ju",
                           (uintmax_t)size_bytes, (uintmax_t)blob->stream_bytes);
    }
    struct blob_place there;
    if (blob_place_find(cache, &writer->key, &there)) {
        blob_writer_abandon(writer);
        return 0;
    }
    struct blob_added added = {.entry = {.key = writer->key,
                                         .blob = *blob,
                                         .offset = part->end,
                                         .checksum = XXH3_64bits_digest(writer->state)},
                               .part = (unsigned char)(part - cache->parts)};
    part->end += writer->size_bytes;
    int status = blob_added_give(cache, &added, err);
    give_part_back(cache, part);
    free_writer(writer);
    return status;
}

void blob_writer_abandon(struct blob_writer *writer)
{
    if (!writer)
        return;
    /* The next stream is written over it. */
    give_part_back(writer->cache, writer->part);
    free_writer(writer);
}
