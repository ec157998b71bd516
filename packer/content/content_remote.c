#include "content/content_inner.h"

#include "base/cleanup.h"

#include <stdlib.h>

/* What a thread deflates and checks, measured on a machine of 2022: a server that is slower than that costs time. */
static const uint64_t bytes_per_s[] = {
    [LEVEL_DEFAULT] = 35000000, [LEVEL_FAST] = 75000000, [LEVEL_SMALLEST] = 6000000};

int content_remote_open(struct content_set *set, struct shared_error *err)
{
    const struct content_options *options = &set->options;
    const struct blob_remote_options remote = {.url = options->remote,
                                               .reads_only = options->remote_reads_only,
                                               .made_bytes_per_s = bytes_per_s[options->level] * set->threads,
                                               .warn = content_warn,
                                               .warn_user = set};
    if (!options->remote || !*options->remote)
        return 0;
    set->remote = blob_remote_open(&remote, err);
    return set->remote ? 0 : err ? (int)err->code : SHARED_EINVAL;
}

/* The keys of contents that others may have too. */
static size_t list_keys(const struct content_set *set, struct content_item *const *items, size_t count,
                        struct blob_key *keys)
{
    size_t listed = 0;
    for (size_t i = 0; i < count; i++) {
        if (!items[i]->apart)
            keys[listed++] = content_key(set, items[i]);
    }
    return listed;
}

/* A fleet's server is help: without memory for its keys, streams are made here. */
void content_remote_fetch(struct content_set *set, struct content_item *const *items, size_t count)
{
    CLEANUP_FREE struct blob_key *keys = malloc((count + 1) * sizeof(*keys));
    CLEANUP_FREE bool *found = calloc(count + 1, sizeof(*found));
    if (set->remote && count > 0 && keys && found)
        blob_remote_fetch(set->remote, set->blobs, keys, list_keys(set, items, count, keys), found);
}

void content_remote_send(struct content_set *set, struct content_item *const *items, size_t count)
{
    CLEANUP_FREE struct blob_key *keys = malloc((count + 1) * sizeof(*keys));
    if (set->remote && count > 0 && keys && !set->options.remote_reads_only)
        blob_remote_send(set->remote, set->blobs, keys, list_keys(set, items, count, keys));
}
