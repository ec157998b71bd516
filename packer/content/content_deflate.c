#include "content/content_inner.h"

#include "base/cleanup.h"

#include <stdlib.h>

static int level_of(const struct content_set *set, const struct content_item *item)
{
    return content_codec_number(set->options.level, item->content.program);
}

void content_know(struct content_item *item, const struct blob *blob)
{
    item->content.method = blob->method == CONTENT_DEFLATED ? CONTENT_DEFLATED : CONTENT_STORED;
    item->content.crc = blob->crc;
    item->content.deflated_bytes = blob->stream_bytes;
    item->known = true;
}

/* What a cache says of a stream, where it can be true. */
static bool is_possible(const struct blob *blob, const struct content *content)
{
    if (blob->content_bytes != content->size_bytes)
        return false;
    return blob->method == CONTENT_STORED ? blob->stream_bytes == content->size_bytes
                                          : blob->method == CONTENT_DEFLATED && blob->stream_bytes > 0 &&
                                                blob->stream_bytes < content->size_bytes;
}

/* One that is not possible would be left by who adds it, and written to zips: it is damaged. */
static bool find_blob(struct content_set *set, const struct content_item *item, struct blob *blob)
{
    const struct blob_key key = content_key(set, item);
    while (blob_cache_find(set->blobs, &key, blob)) {
        if (is_possible(blob, &item->content))
            return true;
        blob_cache_forget(set->blobs, &key);
    }
    return false;
}

/* What the last run noted of a stream: its bytes are looked for when they are wanted. That it is found marks it as used,
 * so that it is not what the cache gives up first. */
static bool recall(struct content_set *set, struct content_item *item)
{
    const struct stat_stream *stream = stat_content_stream(item->kept, level_of(set, item));
    struct blob ignored;
    if (!stream || item->apart)
        return false;
    const struct blob blob = {.crc = item->kept->crc,
                              .method = (uint16_t)stream->method,
                              .content_bytes = item->content.size_bytes,
                              .stream_bytes = stream->bytes};
    if (!is_possible(&blob, &item->content))
        return false;
    content_know(item, &blob);
    find_blob(set, item, &ignored);
    return true;
}

static void note(struct content_set *set, struct content_item *item)
{
    const struct stat_stream stream = {
        .level = level_of(set, item), .method = item->content.method, .bytes = item->content.deflated_bytes};
    if (item->apart || item->content.size_bytes == 0)
        return;
    item->kept->crc = item->content.crc;
    if (stat_content_note(item->kept, &stream))
        set->stats->changed = true;
}

/* Whether method, sizes and CRC are known without anything being made. */
static bool is_known(struct content_set *set, struct content_item *item)
{
    struct blob blob = {.method = CONTENT_STORED};
    if (item->known)
        return true;
    if (item->content.size_bytes == 0)
        content_know(item, &blob);
    else if (!recall(set, item) && find_blob(set, item, &blob)) {
        content_know(item, &blob);
        set->counts.from_cache++;
    }
    if (item->known)
        note(set, item);
    return item->known;
}

/* Leaves those in the list that the server did not have; returns their number. */
static size_t take_fetched(struct content_set *set, struct content_item **items, size_t count)
{
    struct blob blob;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (find_blob(set, items[i], &blob)) {
            content_know(items[i], &blob);
            note(set, items[i]);
            set->counts.from_remote++;
        } else {
            items[left++] = items[i];
        }
    }
    return left;
}

/* Sees to streams that this machine does not have. */
static int make_missing(struct content_set *set, struct content_item **items, size_t count,
                        struct shared_error *err)
{
    if (set->remote) {
        content_remote_fetch(set, items, count);
        count = take_fetched(set, items, count);
    }
    int status = content_make_all(set, items, count, true, err);
    for (size_t i = 0; status == 0 && i < count; i++)
        note(set, items[i]);
    if (status < 0)
        return status;
    set->counts.deflated += count;
    content_remote_send(set, items, count);
    return 0;
}

int content_deflate(struct content_set *set, struct shared_error *err)
{
    CLEANUP_FREE struct content_item **missing = malloc((set->item_count + 1) * sizeof(*missing));
    size_t count = 0;
    if (!missing)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %zu files", set->item_count);
    for (struct content_item *item = set->first; item; item = item->next) {
        if (!is_known(set, item))
            missing[count++] = item;
    }
    int status = make_missing(set, missing, count, err);
    content_warn_all(set);
    return status;
}

/* One that is at hand is taken for what it is: it need not be the one that the stat cache tells of, where another build of
 * the codec made it. */
static bool has_stream(struct content_set *set, struct content_item *item)
{
    struct blob blob;
    if (item->content.size_bytes == 0)
        return true;
    if (!find_blob(set, item, &blob))
        return false;
    content_know(item, &blob);
    note(set, item);
    return true;
}

int content_prepare(struct content_set *set, const struct package *const *packages, size_t count,
                    struct shared_error *err)
{
    CLEANUP_FREE struct content_item **missing = malloc((set->item_count + 1) * sizeof(*missing));
    size_t missing_count = 0;
    if (!missing)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %zu files", set->item_count);
    for (struct content_item *item = set->first; item; item = item->next)
        item->wanted = false;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < packages[i]->count; k++) {
            const struct content *content = packages[i]->entries[k].content;
            struct content_item *item = content ? content_item_of(content) : NULL;
            if (!item || item->wanted)
                continue;
            item->wanted = true;
            if (!has_stream(set, item))
                missing[missing_count++] = item;
        }
    }
    int status = make_missing(set, missing, missing_count, err);
    content_warn_all(set);
    return status;
}
