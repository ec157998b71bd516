#include "content/blob_stock.h"

#include "base/cleanup.h"
#include "content/blob_bytes.h"

#include <stdlib.h>
#include <string.h>

static int add_streams(struct blob_stock *stock, const struct blob_segment *segment)
{
    size_t count = (size_t)segment->trailer.count;
    CLEANUP_FREE uint32_t *days = blob_use_read(stock->cache->folder_fd, segment, stock->cache->today);
    struct blob_stream *streams =
        realloc(stock->streams, (stock->stream_count + count + 1) * sizeof(*streams));
    if (streams)
        stock->streams = streams;
    if (!streams || !days)
        return -1;
    for (size_t i = 0; i < count; i++)
        streams[stock->stream_count++] = (struct blob_stream){
            .segment = (uint32_t)stock->segment_count, .position = (uint32_t)i, .day = days[i]};
    return 0;
}

int blob_stock_read(struct blob_stock *stock, struct blob_cache *cache, const struct blob_list *list)
{
    *stock = (struct blob_stock){.cache = cache};
    stock->segments = calloc(list->count + 1, sizeof(*stock->segments));
    stock->remake = calloc(list->count + 1, sizeof(*stock->remake));
    if (!stock->segments || !stock->remake)
        return -1;
    for (size_t i = 0; i < list->count; i++) {
        struct blob_segment *segment = &stock->segments[stock->segment_count];
        if (list->files[i].kind != BLOB_FILE_SEGMENT)
            continue;
        int status = blob_segment_open(cache->folder_fd, list->files[i].name, segment, NULL);
        if (status == SHARED_EPROTO)
            blob_sweep_segment(cache->folder_fd, list->files[i].name);
        if (status < 0)
            continue;
        close_fd(&segment->fd);
        segment->fd = -1;
        if (add_streams(stock, segment) < 0) {
            blob_segment_clean_up(segment);
            return -1;
        }
        stock->segment_count++;
    }
    return 0;
}

void blob_stock_clean_up(struct blob_stock *stock)
{
    for (size_t i = 0; i < stock->segment_count; i++)
        blob_segment_clean_up(&stock->segments[i]);
    free(stock->segments);
    free(stock->remake);
    free(stock->streams);
    *stock = (struct blob_stock){0};
}

struct blob_entry blob_stock_entry(const struct blob_stock *stock, const struct blob_stream *stream)
{
    return blob_index_entry(stock->segments[stream->segment].index, stream->position);
}

static const unsigned char *key_of(const struct blob_stock *stock, const struct blob_stream *stream)
{
    return stock->segments[stream->segment].index + (size_t)stream->position * BLOB_ENTRY_BYTES;
}

static int order(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_age(const void *a, const void *b, void *user)
{
    const struct blob_stream *x = a, *y = b;
    const struct blob_stock *stock = user;
    int result = order(x->day, y->day);
    if (result == 0)
        result =
            order(stock->segments[x->segment].trailer.made_ns, stock->segments[y->segment].trailer.made_ns);
    if (result == 0)
        result = order(x->segment, y->segment);
    if (result == 0)
        result = order(blob_get(key_of(stock, x) + 16, 8), blob_get(key_of(stock, y) + 16, 8));
    return result ? result : order(x->position, y->position);
}

void blob_stock_sort(struct blob_stock *stock)
{
    if (stock->stream_count > 1)
        qsort_r(stock->streams, stock->stream_count, sizeof(*stock->streams), by_age, stock);
}

/* By key; of one key, that of the newest segment first, as readers find it first. */
static int by_key(const void *a, const void *b, void *user)
{
    const struct blob_stream *x = a, *y = b;
    const struct blob_stock *stock = user;
    int result = memcmp(key_of(stock, x), key_of(stock, y), sizeof(struct blob_key));
    if (result == 0)
        result =
            order(stock->segments[y->segment].trailer.made_ns, stock->segments[x->segment].trailer.made_ns);
    return result ? result : order(x->segment, y->segment);
}

void blob_stock_drop_doubles(struct blob_stock *stock)
{
    struct blob_stream *streams = stock->streams, *first = streams;
    if (stock->stream_count < 2)
        return;
    qsort_r(streams, stock->stream_count, sizeof(*streams), by_key, stock);
    for (size_t i = 1; i < stock->stream_count; i++) {
        if (memcmp(key_of(stock, first), key_of(stock, &streams[i]), sizeof(struct blob_key)) != 0 ||
            first->dropped) {
            first = &streams[i];
            continue;
        }
        streams[i].dropped = true;
        if (first->day < streams[i].day)
            first->day = streams[i].day;
    }
}

static const struct blob_segment *read_segment(const struct blob_cache *cache, const char *name)
{
    for (size_t i = 0; i < cache->segment_count; i++)
        if (strcmp(cache->segments[i].name, name) == 0)
            return &cache->segments[i];
    return NULL;
}

void blob_stock_drop_damaged(struct blob_stock *stock)
{
    const struct blob_segment *read = NULL;
    for (size_t i = 0; i < stock->stream_count; i++) {
        struct blob_stream *stream = &stock->streams[i];
        if (i == 0 || stream->segment != stock->streams[i - 1].segment)
            read = read_segment(stock->cache, stock->segments[stream->segment].name);
        if (read && stream->position < read->trailer.count && read->marks[stream->position] & BLOB_DAMAGED) {
            stream->dropped = true;
            stock->remake[stream->segment] = true;
        }
    }
}

uint64_t *blob_stock_kept_bytes(const struct blob_stock *stock)
{
    uint64_t *bytes = calloc(stock->segment_count + 1, sizeof(*bytes));
    for (size_t i = 0; bytes && i < stock->segment_count; i++)
        bytes[i] = BLOB_TRAILER_BYTES;
    for (size_t i = 0; bytes && i < stock->stream_count; i++)
        if (!stock->streams[i].dropped)
            bytes[stock->streams[i].segment] +=
                blob_stock_entry(stock, &stock->streams[i]).blob.stream_bytes + BLOB_ENTRY_BYTES;
    return bytes;
}
