#include "content/content_inner.h"

#include "base/file.h"
#include "content/content_stream.h"

#include <libdeflate.h>
#include <string.h>

int content_make(struct content_set *set, struct content *content, struct shared_error *err)
{
    struct shared_arena arena = {0};
    struct shared_slice bytes, stream;
    int status = file_read(content->source, (size_t)content->size_bytes, &arena, &bytes, err);
    if (status == 0 && bytes.size_bytes != content->size_bytes)
        status = content_fail_on_change(content->source, err);
    if (status == 0)
        status = content_stream_make(bytes, content_level(set->options.level, content->program), &arena,
                                     &stream, err);
    if (status == 0) {
        content->method = stream.size_bytes < bytes.size_bytes ? CONTENT_DEFLATED : CONTENT_STORED;
        if (content->method == CONTENT_STORED)
            stream = bytes;
        content->crc = libdeflate_crc32(0, bytes.data, bytes.size_bytes);
        content->deflated_bytes = stream.size_bytes;
        const struct blob_key key = content_key(set, content);
        const struct blob blob = {content->crc, content->method, content->size_bytes, stream.size_bytes};
        status = blob_cache_add(set->blobs, &key, &blob, stream, err);
    }
    shared_arena_clean_up(&arena);
    return status;
}

static int deflate(struct content_set *set, struct content *content, struct shared_error *err)
{
    const struct blob_key key = content_key(set, content);
    struct blob blob;
    if (!blob_cache_find(set->blobs, &key, &blob)) {
        set->counts.deflated++;
        return content_make(set, content, err);
    }
    set->counts.from_cache++;
    content->method = blob.method == CONTENT_DEFLATED ? CONTENT_DEFLATED : CONTENT_STORED;
    content->crc = blob.crc;
    content->deflated_bytes = blob.stream_bytes;
    return 0;
}

int content_deflate(struct content_set *set, struct shared_error *err)
{
    for (struct content_item *item = set->first; item; item = item->next) {
        if (item->known)
            continue;
        int status = item->content.size_bytes > 0 ? deflate(set, &item->content, err) : 0;
        if (status < 0)
            return status;
        item->known = true;
    }
    return 0;
}

ssize_t content_stream_read(struct content_set *set, const struct content *content, uint64_t offset,
                            void *data, size_t size_bytes, struct shared_error *err)
{
    if (offset >= content->deflated_bytes)
        return 0;
    const struct blob_key key = content_key(set, content);
    ssize_t got = blob_cache_read(set->blobs, &key, offset, data, size_bytes, err);
    if (got >= 0)
        return got;
    struct content again = *content;
    pthread_mutex_lock(&set->mend);
    int status = content_make(set, &again, err);
    pthread_mutex_unlock(&set->mend);
    return status < 0 ? status : blob_cache_read(set->blobs, &key, offset, data, size_bytes, err);
}
