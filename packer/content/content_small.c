#include "content/content_make.h"

#include "base/cleanup.h"
#include "package/package_shown.h"

#include <string.h>

/* The content, and whether it is still what was hashed. */
static int read_content(struct content_worker *worker, const struct content *content,
                        struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    struct stat_print print = {0};
    size_t size = (size_t)content->size_bytes;
    if (!content_room_take(&worker->content, size))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %s",
                           package_shown(content->source).text);
    int status = content_file_open(content->source, size, &fd, &print, err);
    if (status == 0)
        status = content_file_read(fd, content->source, 0, worker->content.data, size, err);
    if (status < 0)
        return status;
    struct hash hash = content_digest(worker->content.data, size);
    return memcmp(&hash, &content->hash, sizeof(hash)) == 0 ? 0
                                                            : content_fail_on_change(content->source, err);
}

int content_make_small(struct content_maker *maker, struct content_worker *worker,
                       const struct content_task *task, struct shared_error *err)
{
    struct content_set *set = maker->set;
    struct content_item *item = task->item;
    size_t size = (size_t)item->content.size_bytes;
    struct shared_slice stream;
    int status = read_content(worker, &item->content, err);
    if (status == 0)
        status = content_worker_deflate(maker, worker, item, size, &stream, NULL, err);
    if (status < 0)
        return status;
    struct blob blob = {.crc = libdeflate_crc32(0, worker->content.data, size),
                        .method = CONTENT_DEFLATED,
                        .content_bytes = size,
                        .stream_bytes = stream.size_bytes};
    if (stream.size_bytes >= size) {
        blob.method = CONTENT_STORED;
        blob.stream_bytes = size;
        stream = shared_slice_of(worker->content.data, size);
    }
    const struct blob_key key = content_key(set, item);
    status = blob_cache_add(set->blobs, &key, &blob, stream, err);
    if (status == 0)
        content_know(item, &blob);
    return status;
}
