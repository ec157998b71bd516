#include "content/blob_transfer.h"

#include <stdlib.h>
#include <string.h>

/* So many more may be damaged than are not: a server that gives a page for everything is soon known. */
#define DAMAGED_MAX 16

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct blob_key));
}

static void remember(struct blob_remote *remote, const struct blob_key *key)
{
    if (remote->damaged_count == remote->damaged_capacity) {
        size_t capacity = remote->damaged_capacity ? 2 * remote->damaged_capacity : 32;
        struct blob_key *damaged = realloc(remote->damaged, capacity * sizeof(*damaged));
        if (!damaged)
            return;
        remote->damaged = damaged;
        remote->damaged_capacity = capacity;
    }
    remote->damaged[remote->damaged_count++] = *key;
}

void blob_mend_note(struct blob_transfer *transfer)
{
    struct blob_remote *remote = transfer->remote;
    remember(remote, &transfer->key);
    if (remote->damaged_count == 1)
        blob_verdict_tell(remote, "gave what is no blob: %s; done without%s", transfer->fault,
                          remote->options.reads_only ? "" : ", and sent anew");
    if (remote->asks_no_more || remote->damaged_count <= DAMAGED_MAX + remote->orderly)
        return;
    remote->asks_no_more = true;
    blob_verdict_tell(remote, "%zu of %zu answers are no blobs; not asked for more in this run",
                      remote->damaged_count, remote->damaged_count + remote->orderly);
}

void blob_mend_sort(struct blob_remote *remote)
{
    if (remote->damaged_count > 1)
        qsort(remote->damaged, remote->damaged_count, sizeof(*remote->damaged), by_bytes);
}

bool blob_mend_wanted(const struct blob_remote *remote, const struct blob_key *key)
{
    return remote->damaged_count > 0 &&
           bsearch(key, remote->damaged, remote->damaged_count, sizeof(*key), by_bytes) != NULL;
}
