#include "content/content_inner.h"

#include "package/package_shown.h"

static bool is_same(const struct content *a, const struct content *b)
{
    return a->method == b->method && a->crc == b->crc && a->deflated_bytes == b->deflated_bytes;
}

/* The item itself is left: others read it. One that came out otherwise is not what the zip has been told. */
static int make_again(struct content_set *set, const struct content_item *item, struct shared_error *err)
{
    struct content_item again = *item, *list = &again;
    int status = content_make_all(set, &list, 1, false, err);
    if (status < 0)
        return status;
    set->counts.deflated++;
    if (is_same(&again.content, &item->content))
        return 0;
    item->kept->stream_count = 0;
    set->stats->changed = true;
    return shared_fail(err, SHARED_EIO, 0, "%s is deflated to other bytes than before: run again",
                       package_shown(item->content.source).text);
}

ssize_t content_stream_read(struct content_set *set, const struct content *content, uint64_t offset,
                            void *data, size_t size_bytes, struct shared_error *err)
{
    const struct content_item *item = content_item_of(content);
    const struct blob_key key = content_key(set, item);
    struct blob blob;
    if (offset >= content->deflated_bytes)
        return 0;
    ssize_t got = blob_cache_read(set->blobs, &key, offset, data, size_bytes, NULL);
    if (got > 0)
        return got;
    pthread_mutex_lock(&set->mend);
    /* Another thread may have made it meanwhile. */
    int status = blob_cache_find(set->blobs, &key, &blob) ? 0 : make_again(set, item, err);
    pthread_mutex_unlock(&set->mend);
    return status < 0 ? status : blob_cache_read(set->blobs, &key, offset, data, size_bytes, err);
}
