/*
 * blob_remote.h - a cache of blobs on a server, for fleets that build: HEAD, GET and PUT of URL/KEY, as nginx with
 * WebDAV, bazel-remote and a bucket's web site have them.
 *
 * A body is a header that names key, method, sizes, CRC and checksum, then the stream; everything is checked before it
 * is used. A server that is away, slow or wrong is told once by warn and then left alone for the run: no pack fails
 * because of it.
 */
#ifndef PACKER_BLOB_REMOTE_H
#define PACKER_BLOB_REMOTE_H

#include "content/blob_cache.h"

struct blob_remote_options {
    const char *url;      /* "http://host:port/path" or https */
    bool reads_only;      /* nothing is PUT */
    uint64_t timeout_ms;  /* of one request; 0: 5,000. To connect: at most 1,000 */
    unsigned connections; /* at a time; 0: 8 */
    void (*warn)(void *user, const char *text);
    void *warn_user;
};

struct blob_remote;

/* NULL: SHARED_ENOMEM, or SHARED_EINVAL for a URL that is none. Nothing is sent yet. */
struct blob_remote *blob_remote_open(const struct blob_remote_options *options, struct shared_error *err);
void blob_remote_close(struct blob_remote *remote);

/* Fetches those of the keys that are there, several at a time, into the cache; found[i] says which. Streams over
 * 64 MiB are left. */
void blob_remote_fetch(struct blob_remote *remote, struct blob_cache *cache, const struct blob_key *keys,
                       size_t count, bool *found);

/* Puts streams that are in the cache, several at a time; one that the server has (HEAD) is not sent. */
void blob_remote_send(struct blob_remote *remote, struct blob_cache *cache, const struct blob_key *keys,
                      size_t count);

#endif
