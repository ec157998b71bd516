/* redis_url.h - where Redis is: redis://[[user]:password@]host[:port][/database]. */
#ifndef SESSION_REDIS_URL_H
#define SESSION_REDIS_URL_H

#include <shared/error.h>

struct redis_url {
    char host[256];     /* a name, an IPv4 address, or what stands in [ ], an IPv6 address */
    int port;           /* 6379 where none is given */
    char user[128];     /* "" where there is none: Redis' "default" */
    char password[256]; /* "" where there is none */
    int database;
};

/*
 * Reads an address; user and password may be percent-encoded. Fails with SHARED_EINVAL, naming the part that
 * is wrong but never what stands there, which may be the password; with SHARED_EUNSUPPORTED for rediss://,
 * because Debian 12's hiredis has no TLS.
 */
int redis_url_read(struct redis_url *url, const char *text, struct shared_error *err);

#endif
