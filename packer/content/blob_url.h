/* blob_url.h - the addresses of blobs on a server. */
#ifndef PACKER_BLOB_URL_H
#define PACKER_BLOB_URL_H

#include "content/blob_cache.h"

#define BLOB_URL_BYTES_MAX 2000 /* what servers and proxies commonly take, less the key */

/*
 * Checks "http://host:port/path" or https, with or without "user:password@". SHARED_EINVAL: it is none, or has a query
 * or a fragment. The message does not hold the password.
 */
int blob_url_check(const char *url, struct shared_error *err);

/* The URL as it may be shown, without user, password and query; malloc. NULL where memory is exhausted. */
char *blob_url_shown(const char *url);

/* URL/KEY: the 32 hex digits of the key twice, as bazel-remote wants 64. malloc; NULL where memory is exhausted. */
char *blob_url_of(const char *url, const struct blob_key *key);

#endif
