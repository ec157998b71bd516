#include "content/blob_transfer.h"

#include "content/blob_inner.h"

#include <stdio.h>
#include <string.h>

bool blob_put_find(struct blob_transfer *transfer)
{
    struct blob_place place;
    const struct blob_remote *remote = transfer->remote;
    if (!blob_place_find(transfer->cache, &transfer->key, &place))
        return false;
    uint64_t size = place.entry.blob.stream_bytes;
    if (size > BLOB_REMOTE_BYTES_MAX ||
        (remote->body_bytes_max && size + BLOB_BODY_HEADER_BYTES >= remote->body_bytes_max))
        return false;
    transfer->entry = place.entry;
    blob_body_write(transfer->header, &place.entry);
    return true;
}

/* Called by libcurl. What the cache finds damaged now is not sent. */
static size_t give(char *data, size_t size, size_t count, void *user)
{
    struct blob_transfer *transfer = user;
    size_t room = size * count;
    if (transfer->done_bytes < BLOB_BODY_HEADER_BYTES) {
        size_t part = BLOB_BODY_HEADER_BYTES - (size_t)transfer->done_bytes;
        part = part < room ? part : room;
        memcpy(data, transfer->header + transfer->done_bytes, part);
        transfer->done_bytes += part;
        return part;
    }
    ssize_t got = blob_cache_read(transfer->cache, &transfer->key,
                                  transfer->done_bytes - BLOB_BODY_HEADER_BYTES, data, room, NULL);
    if (got < 0)
        return CURL_READFUNC_ABORT;
    transfer->done_bytes += (uint64_t)got;
    return (size_t)got;
}

/* A connection that was kept and turned out to be closed: the same is sent over another. */
static int rewind_body(void *user, curl_off_t offset, int origin)
{
    struct blob_transfer *transfer = user;
    if (origin != SEEK_SET || offset < 0)
        return CURL_SEEKFUNC_CANTSEEK;
    transfer->done_bytes = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

static size_t ignore(char *data, size_t size, size_t count, void *user)
{
    (void)data;
    (void)user;
    return size * count;
}

void blob_put_prepare(struct blob_transfer *transfer)
{
    __typeof__(curl_easy_setopt) *set = transfer->remote->curl.easy_setopt;
    set(transfer->easy, CURLOPT_UPLOAD, 1L);
    set(transfer->easy, CURLOPT_HTTPHEADER, transfer->remote->headers);
    set(transfer->easy, CURLOPT_INFILESIZE_LARGE,
        (curl_off_t)(transfer->entry.blob.stream_bytes + BLOB_BODY_HEADER_BYTES));
    set(transfer->easy, CURLOPT_READFUNCTION, give);
    set(transfer->easy, CURLOPT_READDATA, (void *)transfer);
    set(transfer->easy, CURLOPT_SEEKFUNCTION, rewind_body);
    set(transfer->easy, CURLOPT_SEEKDATA, (void *)transfer);
    set(transfer->easy, CURLOPT_WRITEFUNCTION, ignore);
}
