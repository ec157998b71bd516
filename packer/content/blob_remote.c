#include "content/blob_remote.h"

#include "content/blob_transfer.h"
#include "content/blob_url.h"

#include <stdlib.h>
#include <string.h>

struct blob_remote *blob_remote_open(const struct blob_remote_options *options, struct shared_error *err)
{
    if (blob_url_check(options->url, err) < 0)
        return NULL;
    struct blob_remote *remote = calloc(1, sizeof(*remote));
    if (remote) {
        remote->options = *options;
        remote->url = strdup(options->url);
        remote->shown = blob_url_shown(options->url);
    }
    if (remote && remote->url && remote->shown)
        return remote;
    blob_remote_close(remote);
    shared_fail(err, SHARED_ENOMEM, 0, "no memory for the cache of blobs on a server");
    return NULL;
}

void blob_remote_close(struct blob_remote *remote)
{
    if (!remote)
        return;
    if (remote->multi)
        remote->curl.multi_cleanup(remote->multi);
    if (remote->headers)
        remote->curl.slist_free_all(remote->headers);
    free(remote->damaged);
    free(remote->url);
    free(remote->shown);
    free(remote);
}

static bool begin_get(struct blob_work *work, struct blob_transfer *transfer)
{
    if (work->next == work->count || work->remote->asks_no_more)
        return false;
    transfer->position = work->next++;
    transfer->key = work->keys[transfer->position];
    return blob_transfer_prepare(transfer, BLOB_GET);
}

static bool end_get(struct blob_work *work, struct blob_transfer *transfer, CURLcode result, long status)
{
    enum blob_answer answer = blob_verdict(transfer, result, status);
    bool kept = answer == BLOB_THERE && blob_get_keep(transfer);
    work->found[transfer->position] = kept;
    if (kept)
        work->remote->carried_bytes += (double)transfer->entry.blob.content_bytes;
    else if (answer == BLOB_THERE && transfer->fault)
        blob_mend_note(transfer);
    work->remote->orderly += kept || answer == BLOB_ABSENT;
    return false;
}

void blob_remote_fetch(struct blob_remote *remote, struct blob_cache *cache, const struct blob_key *keys,
                       size_t count, bool *found)
{
    memset(found, 0, count * sizeof(*found));
    struct blob_work work = {.remote = remote,
                             .cache = cache,
                             .keys = keys,
                             .count = count,
                             .found = found,
                             .begin = begin_get,
                             .end = end_get};
    blob_transfer_all(&work);
}

static bool begin_put(struct blob_work *work, struct blob_transfer *transfer)
{
    const struct blob_remote *remote = work->remote;
    while (work->next < work->count && !remote->options.reads_only) {
        transfer->key = work->keys[work->next++];
        bool mends = blob_mend_wanted(remote, &transfer->key);
        if ((mends || !remote->asks_no_more) && blob_put_find(transfer))
            return blob_transfer_prepare(transfer, mends ? BLOB_PUT : BLOB_HEAD);
    }
    return false;
}

/* What the server has not is sent. */
static bool end_put(struct blob_work *work, struct blob_transfer *transfer, CURLcode result, long status)
{
    enum blob_answer answer = blob_verdict(transfer, result, status);
    /* It saves as much, if another machine's time; if it will give what it takes. */
    if (transfer->verb == BLOB_PUT && answer == BLOB_THERE && !work->remote->asks_no_more)
        work->remote->carried_bytes += (double)transfer->entry.blob.content_bytes;
    return transfer->verb == BLOB_HEAD && answer == BLOB_ABSENT && !work->remote->options.reads_only &&
           !work->remote->off && blob_transfer_prepare(transfer, BLOB_PUT);
}

void blob_remote_send(struct blob_remote *remote, struct blob_cache *cache, const struct blob_key *keys,
                      size_t count)
{
    blob_mend_sort(remote);
    struct blob_work work = {.remote = remote,
                             .cache = cache,
                             .keys = keys,
                             .count = remote->options.reads_only ? 0 : count,
                             .begin = begin_put,
                             .end = end_put};
    blob_transfer_all(&work);
}
