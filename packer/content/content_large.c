#include "content/content_make.h"

#include "base/cleanup.h"
#include "package/package_shown.h"

#include <string.h>

int content_large_init(struct content_large *large, struct content_item *item, struct shared_error *err)
{
    *large = (struct content_large){.item = item, .state = content_digest_begin()};
    if (!large->state)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %s",
                           package_shown(item->content.source).text);
    return 0;
}

void content_large_clean_up(struct content_large *large)
{
    blob_writer_abandon(large->writer);
    content_digest_free(large->state);
}

/* Bytes of a content from a piece on, at most a piece. */
static size_t piece_bytes(const struct content *content, size_t piece)
{
    uint64_t left = content->size_bytes - (uint64_t)piece * CONTENT_PIECE_BYTES;
    return left < CONTENT_PIECE_BYTES ? (size_t)left : CONTENT_PIECE_BYTES;
}

static int read_piece(struct content_worker *worker, const struct content *content, size_t piece,
                      struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    struct stat_print print = {0};
    if (!content_room_take(&worker->content, CONTENT_PIECE_BYTES))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %s",
                           package_shown(content->source).text);
    int status = content_file_open(content->source, content->size_bytes, &fd, &print, err);
    return status < 0 ? status
                      : content_file_read(fd, content->source, (uint64_t)piece * CONTENT_PIECE_BYTES,
                                          worker->content.data, piece_bytes(content, piece), err);
}

/* The file as it is, once deflating has not made it smaller. */
static int store(struct content_maker *maker, struct content_worker *worker, struct content_large *large,
                 struct blob *blob, struct shared_error *err)
{
    const struct content *content = &large->item->content;
    const struct blob_key key = content_key(maker->set, large->item);
    blob_writer_abandon(large->writer);
    large->writer = blob_cache_begin(maker->set->blobs, &key, err);
    int status = large->writer ? 0 : SHARED_EIO;
    uint32_t crc = 0;
    for (size_t piece = 0; status == 0 && (uint64_t)piece * CONTENT_PIECE_BYTES < content->size_bytes;
         piece++) {
        size_t size = piece_bytes(content, piece);
        status = read_piece(worker, content, piece, err);
        if (status == 0) {
            crc = libdeflate_crc32(crc, worker->content.data, size);
            status = blob_writer_add(large->writer, shared_slice_of(worker->content.data, size), err);
        }
    }
    blob->method = CONTENT_STORED;
    blob->stream_bytes = content->size_bytes;
    return status == 0 && crc != blob->crc ? content_fail_on_change(content->source, err) : status;
}

static int finish(struct content_maker *maker, struct content_worker *worker, struct content_large *large,
                  struct shared_error *err)
{
    const struct content *content = &large->item->content;
    struct blob blob = {.crc = large->crc,
                        .method = CONTENT_DEFLATED,
                        .content_bytes = content->size_bytes,
                        .stream_bytes = large->stream_bytes};
    struct hash hash = content_digest_end(large->state);
    if (memcmp(&hash, &content->hash, sizeof(hash)) != 0)
        return content_fail_on_change(content->source, err);
    int status = large->stream_bytes < content->size_bytes ? 0 : store(maker, worker, large, &blob, err);
    if (status < 0)
        return status;
    struct blob_writer *writer = large->writer;
    large->writer = NULL;
    status = blob_writer_end(writer, &blob, err);
    if (status == 0)
        content_know(large->item, &blob);
    return status;
}

static int write_piece(struct content_maker *maker, struct content_worker *worker,
                       const struct content_task *task, struct shared_slice stream, struct shared_error *err)
{
    struct content_large *large = task->large;
    const struct content *content = &task->item->content;
    size_t size = piece_bytes(content, task->piece);
    if (task->piece == 0) {
        const struct blob_key key = content_key(maker->set, task->item);
        large->writer = blob_cache_begin(maker->set->blobs, &key, err);
        if (!large->writer)
            return SHARED_EIO;
    }
    content_digest_add(large->state, worker->content.data, size);
    large->crc = libdeflate_crc32(large->crc, worker->content.data, size);
    large->stream_bytes += stream.size_bytes;
    int status = blob_writer_add(large->writer, stream, err);
    bool last = (uint64_t)task->piece * CONTENT_PIECE_BYTES + size == content->size_bytes;
    return status == 0 && last ? finish(maker, worker, large, err) : status;
}

/*
 * Pieces of all files are written in the order of tasks, file by file: the cache has one writer at a time, and who
 * began another could wait there for a file that is given up only once all threads have ended. Whose turn it is waits
 * for nobody: tasks before it have begun before it. False where another thread failed, so that the turn may never come.
 */
static bool wait_for_turn(struct content_maker *maker, const struct content_task *task)
{
    pthread_mutex_lock(&maker->lock);
    while (!maker->failed && maker->turn != task->turn)
        pthread_cond_wait(&maker->turned, &maker->lock);
    bool turned = !maker->failed;
    pthread_mutex_unlock(&maker->lock);
    return turned;
}

static void give_turn(struct content_maker *maker)
{
    pthread_mutex_lock(&maker->lock);
    maker->turn++;
    pthread_cond_broadcast(&maker->turned);
    pthread_mutex_unlock(&maker->lock);
}

int content_make_piece(struct content_maker *maker, struct content_worker *worker,
                       const struct content_task *task, struct shared_error *err)
{
    const struct content_item *item = task->item;
    size_t size = piece_bytes(&item->content, task->piece);
    bool last = (uint64_t)task->piece * CONTENT_PIECE_BYTES + size == item->content.size_bytes;
    struct shared_slice stream;
    struct content_bits bits;
    int status = read_piece(worker, &item->content, task->piece, err);
    if (status == 0)
        status = content_worker_deflate(maker, worker, item, size, &stream, &bits, err);
    if (status < 0)
        return status;
    if (!last)
        stream.size_bytes = content_open_end(worker->stream.data, &bits);
    if (!wait_for_turn(maker, task))
        return 0;
    status = write_piece(maker, worker, task, stream, err);
    if (status == 0)
        give_turn(maker);
    return status;
}
