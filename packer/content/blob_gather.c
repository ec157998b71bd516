#include "content/blob_gather.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#define COPY_BYTES_AT_ONCE (256u << 10)

/* Segments that are being made. */
struct gathering {
    struct blob_stock *stock;
    uint64_t segment_bytes;
    int source, part; /* descriptors; -1: none */
    uint32_t source_segment;
    char name[BLOB_NAME_BYTES];
    struct blob_trailer trailer;
    struct blob_entry *entries; /* trailer.count of them */
    char (*made)[BLOB_NAME_BYTES];
    size_t made_count;
    char *buffer;
};

static int open_source(struct gathering *to, uint32_t segment)
{
    char file[BLOB_FILE_BYTES];
    if (to->source >= 0 && to->source_segment == segment)
        return 0;
    close_fd(&to->source);
    blob_file_name(file, to->stock->segments[segment].name, "blobs");
    to->source = openat(to->stock->cache->folder_fd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    to->source_segment = segment;
    return to->source < 0 ? -1 : 0;
}

static void take_part_away(struct gathering *to)
{
    char file[BLOB_FILE_BYTES];
    if (to->part < 0)
        return;
    blob_file_name(file, to->name, "part");
    unlinkat(to->stock->cache->folder_fd, file, 0);
    blob_file_name(file, to->name, "use");
    unlinkat(to->stock->cache->folder_fd, file, 0);
    close_fd(&to->part);
    to->part = -1;
}

/* Closes a part of which a segment becomes, unless it holds nothing. */
static int finish(struct gathering *to)
{
    int folder = to->stock->cache->folder_fd;
    if (to->trailer.count == 0) {
        take_part_away(to);
        return 0;
    }
    /* Days before the segment: readers take days that are not there for the segment's own. */
    blob_index_sort(to->entries, (size_t)to->trailer.count);
    if (blob_use_write(folder, to->name, to->entries, (size_t)to->trailer.count) < 0 ||
        blob_part_finish(folder, to->part, to->name, to->entries, &to->trailer) < 0)
        return -1;
    close_fd(&to->part);
    to->part = -1;
    memcpy(to->made[to->made_count++], to->name, sizeof(to->name));
    to->trailer = (struct blob_trailer){0};
    return 0;
}

static int begin(struct gathering *to)
{
    size_t more = (to->made_count + 1) * sizeof(*to->made);
    char(*made)[BLOB_NAME_BYTES] = realloc(to->made, more);
    if (!made)
        return -1;
    to->made = made;
    to->part = blob_part_create(to->stock->cache->folder_fd, to->name);
    return to->part < 0 ? -1 : 0;
}

/* 1: copied; 0: its bytes are not what they were; -1: there is no room. */
static int copy_stream(struct gathering *to, const struct blob_entry *entry)
{
    CLEANUP(blob_state_free) XXH3_state_t *state = XXH3_createState();
    if (!state)
        return -1;
    XXH3_64bits_reset(state);
    for (uint64_t done = 0; done < entry->blob.stream_bytes;) {
        uint64_t left = entry->blob.stream_bytes - done;
        size_t size = left < COPY_BYTES_AT_ONCE ? (size_t)left : COPY_BYTES_AT_ONCE;
        if (blob_file_read(to->source, to->buffer, size, entry->offset + done) < 0)
            return 0;
        if (blob_file_write(to->part, to->buffer, size, to->trailer.streams_bytes + done) < 0)
            return -1;
        XXH3_64bits_update(state, to->buffer, size);
        done += size;
    }
    return XXH3_64bits_digest(state) == entry->checksum;
}

static int gather_stream(struct gathering *to, const struct blob_stream *stream)
{
    const struct blob_segment *segment = &to->stock->segments[stream->segment];
    struct blob_entry entry = blob_stock_entry(to->stock, stream);
    if (open_source(to, stream->segment) < 0)
        return errno == ENOENT ? 0 : -1;
    if (to->trailer.count > 0 && to->trailer.streams_bytes + entry.blob.stream_bytes > to->segment_bytes &&
        finish(to) < 0)
        return -1;
    if (to->part < 0 && begin(to) < 0)
        return -1;
    int status = copy_stream(to, &entry);
    if (status <= 0)
        return status;
    entry.offset = to->trailer.streams_bytes;
    entry.day = stream->day;
    to->entries[to->trailer.count++] = entry;
    to->trailer.streams_bytes += entry.blob.stream_bytes;
    if (to->trailer.made_ns < segment->trailer.made_ns)
        to->trailer.made_ns = segment->trailer.made_ns;
    if (to->trailer.day < stream->day)
        to->trailer.day = stream->day;
    return 1;
}

/* Streams in order of age: what is read last, was used last. */
static int gather_streams(struct gathering *to)
{
    struct blob_stock *stock = to->stock;
    for (size_t i = 0; i < stock->stream_count; i++) {
        const struct blob_stream *stream = &stock->streams[i];
        if (!stream->dropped && stock->remake[stream->segment] && gather_stream(to, stream) < 0)
            return -1;
    }
    return finish(to);
}

static void take_away(struct gathering *to, bool done)
{
    struct blob_stock *stock = to->stock;
    for (size_t i = 0; done && i < stock->segment_count; i++)
        if (stock->remake[i])
            blob_sweep_segment(stock->cache->folder_fd, stock->segments[i].name);
    for (size_t i = 0; !done && i < to->made_count; i++)
        blob_sweep_segment(stock->cache->folder_fd, to->made[i]);
    take_part_away(to);
}

int blob_gather(struct blob_stock *stock, uint64_t segment_bytes)
{
    struct gathering to = {.stock = stock, .segment_bytes = segment_bytes, .source = -1, .part = -1};
    to.buffer = malloc(COPY_BYTES_AT_ONCE);
    to.entries = malloc((stock->stream_count + 1) * sizeof(*to.entries));
    blob_stock_sort(stock);
    int status = to.buffer && to.entries ? gather_streams(&to) : -1;
    take_away(&to, status == 0);
    close_fd(&to.source);
    free(to.buffer);
    free(to.entries);
    free(to.made);
    return status;
}
