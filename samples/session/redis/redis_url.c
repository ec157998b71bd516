#include "redis_url.h"

#include <shared/slice.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SCHEME "redis://"
#define SCHEME_TLS "rediss://"
#define PORT_DEFAULT 6379

/* False where the part does not fit, or is not percent-encoded as RFC 3986, section 2.1, has it. */
static bool decode(struct shared_slice part, char *out, size_t out_bytes)
{
    size_t size = 0;
    for (size_t i = 0; i < part.size_bytes; i++) {
        char digits[3] = {0};
        char *end = digits;
        char c = part.data[i];
        if (c == '%') {
            if (part.size_bytes - i < 3)
                return false;
            memcpy(digits, part.data + i + 1, 2);
            c = (char)strtoul(digits, &end, 16);
            if (end != digits + 2 || digits[0] == '+' || digits[0] == '-' || digits[0] == ' ' || !c)
                return false;
            i += 2;
        }
        if (size + 1 == out_bytes)
            return false;
        out[size++] = c;
    }
    out[size] = '\0';
    return true;
}

static int read_credentials(struct redis_url *url, struct shared_slice part, struct shared_error *err)
{
    struct shared_slice password = part;
    struct shared_slice user = shared_slice_split(&password, ':');
    if (!password.data)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "REDIS_URL: before the @, write user:password, or :password");
    if (!decode(user, url->user, sizeof(url->user)) ||
        !decode(password, url->password, sizeof(url->password)))
        return shared_fail(
            err, SHARED_EINVAL, 0,
            "REDIS_URL: the user or the password is too long, or a percent sign in it is not %%25");
    return 0;
}

static int read_number(struct shared_slice part, const char *what, int min, int max, int *number,
                       struct shared_error *err)
{
    unsigned long long value;
    if (!shared_slice_to_number(part, (unsigned long long)max, &value) || value < (unsigned long long)min)
        return shared_fail(err, SHARED_EINVAL, 0, "REDIS_URL: the %s: expected a number from %d to %d", what,
                           min, max);
    *number = (int)value;
    return 0;
}

/* What stands in [ ] is an address of IPv6, colons and all. */
static int split_host(struct shared_slice part, struct shared_slice *host, struct shared_slice *port,
                      struct shared_error *err)
{
    *port = part;
    if (!part.size_bytes || *part.data != '[') {
        *host = shared_slice_split(port, ':');
        return 0;
    }
    *host = shared_slice_split(port, ']');
    host->data++;
    host->size_bytes--;
    if (!port->data || (port->size_bytes && *port->data != ':'))
        return shared_fail(err, SHARED_EINVAL, 0, "REDIS_URL: after [, expected an address and ]");
    if (port->size_bytes)
        shared_slice_split(port, ':');
    else
        port->data = NULL;
    return 0;
}

static int read_host(struct redis_url *url, struct shared_slice part, struct shared_error *err)
{
    struct shared_slice host, port;
    if (split_host(part, &host, &port, err) < 0)
        return SHARED_EINVAL;
    if (!host.size_bytes || !decode(host, url->host, sizeof(url->host)))
        return shared_fail(err, SHARED_EINVAL, 0, "REDIS_URL: there is no host in it");
    return port.data ? read_number(port, "port", 1, 65535, &url->port, err) : 0;
}

int redis_url_read(struct redis_url *url, const char *text, struct shared_error *err)
{
    *url = (struct redis_url){.port = PORT_DEFAULT};
    if (!text || !*text)
        return shared_fail(err, SHARED_EINVAL, 0, "REDIS_URL: set it to redis://:password@host:port");
    if (strncmp(text, SCHEME_TLS, strlen(SCHEME_TLS)) == 0)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0, "REDIS_URL: this hiredis has no TLS: use redis://");
    if (strncmp(text, SCHEME, strlen(SCHEME)) != 0)
        return shared_fail(err, SHARED_EINVAL, 0, "REDIS_URL: it should begin with redis://");

    struct shared_slice path = shared_slice_from_text(text + strlen(SCHEME));
    struct shared_slice authority = shared_slice_split(&path, '/');
    const char *at = authority.size_bytes ? memrchr(authority.data, '@', authority.size_bytes) : NULL;
    struct shared_slice host = authority;
    if (at) {
        size_t before = (size_t)(at - authority.data);
        host = shared_slice_of(at + 1, authority.size_bytes - before - 1);
        if (read_credentials(url, shared_slice_of(authority.data, before), err) < 0)
            return SHARED_EINVAL;
    }
    if (read_host(url, host, err) < 0)
        return SHARED_EINVAL;
    return path.size_bytes ? read_number(path, "database", 0, 16383, &url->database, err) : 0;
}
