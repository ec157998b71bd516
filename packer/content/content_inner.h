/* content_inner.h - what the files of this stage share. */
#ifndef PACKER_CONTENT_INNER_H
#define PACKER_CONTENT_INNER_H

#include "content/blob_cache.h"
#include "content/blob_remote.h"
#include "content/content.h"

#include <pthread.h>

struct content_item {
    struct content content;         /* first: callers hold its address */
    struct content_item *same_hash; /* next in its slot of the table */
    struct content_item *next;      /* in the order in which they were found */
    bool known;                     /* method, crc and deflated_bytes are set */
};

struct content_set {
    struct content_options options;
    struct shared_arena arena; /* of the calling thread */
    struct content_item **slots;
    size_t slot_count; /* a power of two */
    struct content_item *first, **end;
    struct blob_cache *blobs;
    struct blob_remote *remote;
    struct content_counts counts;
    pthread_mutex_t mend; /* held while a stream is made again */
};

/* The key of a content's stream in the caches. */
struct blob_key content_key(const struct content_set *set, const struct content *content);

/* Makes the stream of a content and gives it to the cache of blobs. Any thread. */
int content_make(struct content_set *set, struct content *content, struct shared_error *err);

/* "lib/x.so changed while it was being packed: run again" */
int content_fail_on_change(const char *source, struct shared_error *err);

#endif
