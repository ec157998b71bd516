/*
 * blob_remote.h - a cache of blobs on a server, for fleets that build: HEAD, GET and PUT of URL/KEY.
 *
 * KEY is 64 hex digits, the 32 of the key twice, so that bazel-remote takes it, too: run it with
 * --disable_http_ac_validation and let the URL end in /ac. nginx: "dav_methods PUT; create_full_put_path on;
 * client_max_body_size 65m". A bucket's web site, or any server of files, can be read.
 *
 * A body is a header that names key, method, sizes, CRC and checksum, then the stream (blob_body.h); everything is
 * checked before it is used, though against damage alone: the server is trusted as the compiler is. One that is away,
 * slow or wrong is told once by warn and left alone for the run, at once or when it failed four times: no pack fails
 * because of it. One that is away costs 2.5 s at most. Where one that answers takes fewer connections than are wanted,
 * those that it took do. Nor is one waited for that does not help: once all calls together took 10 s more than making
 * the streams here would have, that is told and the server left alone. What is sent counts as what comes: another
 * machine will not make it.
 *
 * A blob that came damaged is no failure of the server: it is told once, and blob_remote_send puts another over it. But
 * once 16 more blobs are damaged than are not, no more are asked for in this run, and only those are put.
 *
 * 404, 403 and 410 are misses; 409 and 412 of a PUT are fine; to a server that refuses a PUT (401, 403, 404, 405, 410,
 * 501), nothing is sent any more. Redirections are not followed. Proxies are those of the environment (http_proxy, https_proxy, no_proxy),
 * certificates are checked against the system's (or CURL_CA_BUNDLE, SSL_CERT_FILE).
 *
 * libcurl is loaded when something is first asked for; where it is missing, warn is told what to install.
 */
#ifndef PACKER_BLOB_REMOTE_H
#define PACKER_BLOB_REMOTE_H

#include "content/blob_cache.h"

struct blob_remote_options {
    const char *url;           /* "http://host:port/path" or https; "user:password@" in it is never shown */
    bool reads_only;           /* nothing is PUT */
    uint64_t timeout_ms;       /* of one request; 0: 5,000. To connect: at most 2,500 */
    uint64_t budget_ms;        /* what all calls may take beyond what they save; 0: 10,000 */
    uint64_t made_bytes_per_s; /* what they save: contents that are deflated here; 0: 64,000,000 */
    unsigned connections;      /* at a time, at most 64; 0: 8 */
    void (*warn)(void *user, const char *text);
    void *warn_user;
};

/* Of one thread at a time. */
struct blob_remote;

/* NULL: SHARED_ENOMEM, or SHARED_EINVAL for a URL that is none, or has a query. Nothing is sent yet. */
struct blob_remote *blob_remote_open(const struct blob_remote_options *options, struct shared_error *err);
void blob_remote_close(struct blob_remote *remote); /* NULL is fine */

/* Fetches those of the keys that are there, several at a time, into the cache; found[i] says which. Streams over
 * 64 MiB are left. */
void blob_remote_fetch(struct blob_remote *remote, struct blob_cache *cache, const struct blob_key *keys,
                       size_t count, bool *found);

/* Puts streams that are in the cache, several at a time; one that the server has (HEAD) is not sent. */
void blob_remote_send(struct blob_remote *remote, struct blob_cache *cache, const struct blob_key *keys,
                      size_t count);

#endif
