#include "content/blob_transfer.h"

#include "base/cleanup.h"
#include "content/blob_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Streams up to this are held in memory, larger ones in a file: several come at a time. */
#define MEMORY_BYTES (1u << 20)
#define COPY_BYTES_AT_ONCE (64u << 10)

/* Bytes of an error's page that are read, so that its connection can be used again. */
#define PAGE_BYTES_MAX (64u << 10)

static bool fault(struct blob_transfer *transfer, const char *what)
{
    transfer->fault = what;
    return false;
}

static bool take_header(struct blob_transfer *transfer)
{
    if (!blob_body_read(transfer->header, &transfer->entry))
        return fault(transfer, "it does not begin as one");
    if (memcmp(transfer->entry.key.bytes, transfer->key.bytes, sizeof(transfer->key.bytes)) != 0)
        return fault(transfer, "it is another");
    if (transfer->entry.blob.stream_bytes > BLOB_REMOTE_BYTES_MAX)
        return fault(transfer, "it is over 64 MiB");
    if (transfer->entry.blob.stream_bytes > MEMORY_BYTES) {
        transfer->spill = blob_scratch_open(transfer->cache->scratch, NULL);
        return transfer->spill >= 0;
    }
    size_t size = (size_t)transfer->entry.blob.stream_bytes;
    if (transfer->capacity >= size)
        return true;
    free(transfer->buffer);
    transfer->buffer = malloc(size);
    transfer->capacity = transfer->buffer ? size : 0;
    return transfer->buffer != NULL;
}

static bool take_stream(struct blob_transfer *transfer, const char *data, size_t size_bytes)
{
    uint64_t at = transfer->done_bytes - BLOB_BODY_HEADER_BYTES;
    if (size_bytes > transfer->entry.blob.stream_bytes - at)
        return fault(transfer, "it goes on after its end");
    if (transfer->spill >= 0)
        return blob_file_write(transfer->spill, data, size_bytes, at) == 0;
    if (size_bytes > 0)
        memcpy(transfer->buffer + at, data, size_bytes);
    return true;
}

static bool take(struct blob_transfer *transfer, const char *data, size_t size_bytes)
{
    if (transfer->done_bytes < BLOB_BODY_HEADER_BYTES) {
        size_t part = BLOB_BODY_HEADER_BYTES - (size_t)transfer->done_bytes;
        part = part < size_bytes ? part : size_bytes;
        memcpy(transfer->header + transfer->done_bytes, data, part);
        transfer->done_bytes += part;
        if (transfer->done_bytes < BLOB_BODY_HEADER_BYTES)
            return true;
        if (!take_header(transfer))
            return false;
        data += part;
        size_bytes -= part;
    }
    if (!take_stream(transfer, data, size_bytes))
        return false;
    transfer->done_bytes += size_bytes;
    return true;
}

/* Called by libcurl; less than what was given ends the transfer. */
static size_t receive(char *data, size_t size, size_t count, void *user)
{
    struct blob_transfer *transfer = user;
    long status = 0;
    transfer->remote->curl.easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200)
        return take(transfer, data, size * count) ? size * count : 0;
    transfer->done_bytes += size * count;
    return transfer->done_bytes <= PAGE_BYTES_MAX ? size * count : 0;
}

void blob_get_prepare(struct blob_transfer *transfer)
{
    close_fd(&transfer->spill);
    transfer->spill = -1;
    transfer->remote->curl.easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, receive);
    transfer->remote->curl.easy_setopt(transfer->easy, CURLOPT_WRITEDATA, (void *)transfer);
}

static bool keep_spilled(struct blob_transfer *transfer)
{
    struct blob_writer *writer = blob_cache_begin(transfer->cache, &transfer->key, NULL);
    char buffer[COPY_BYTES_AT_ONCE];
    uint64_t size = transfer->entry.blob.stream_bytes;
    int status = writer ? 0 : -1;
    for (uint64_t done = 0; status == 0 && done < size;) {
        size_t part = size - done < sizeof(buffer) ? (size_t)(size - done) : sizeof(buffer);
        status = blob_file_read(transfer->spill, buffer, part, done);
        if (status == 0)
            status = blob_writer_add(writer, shared_slice_of(buffer, part), NULL);
        done += part;
    }
    if (status == 0)
        return blob_writer_end(writer, &transfer->entry.blob, NULL) == 0;
    blob_writer_abandon(writer);
    return false;
}

bool blob_get_keep(struct blob_transfer *transfer)
{
    const struct blob_entry *entry = &transfer->entry;
    if (transfer->done_bytes < BLOB_BODY_HEADER_BYTES ||
        transfer->done_bytes - BLOB_BODY_HEADER_BYTES != entry->blob.stream_bytes)
        return fault(transfer, "it ends early");
    if (transfer->spill >= 0 && blob_file_check(transfer->spill, entry) == 0)
        return keep_spilled(transfer);
    if (transfer->spill >= 0)
        return errno == EBADMSG && fault(transfer, "its checksum is wrong");
    struct shared_slice stream = shared_slice_of(transfer->buffer, (size_t)entry->blob.stream_bytes);
    if (XXH3_64bits(stream.data, stream.size_bytes) != entry->checksum)
        return fault(transfer, "its checksum is wrong");
    return blob_cache_add(transfer->cache, &transfer->key, &entry->blob, stream, NULL) == 0;
}

void blob_get_clean_up(struct blob_transfer *transfer)
{
    close_fd(&transfer->spill);
    free(transfer->buffer);
}
