#include "content/blob_url.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where host and port stand: behind "scheme://" and what ends in the authority's last "@" (RFC 3986, section 3.2). */
static const char *authority(const char *url)
{
    const char *slashes = strstr(url, "://");
    return slashes ? slashes + 3 : url;
}

static const char *host_of(const char *url)
{
    const char *host = authority(url), *end = host + strcspn(host, "/?#");
    for (const char *at = host; at < end; at++)
        if (*at == '@')
            host = at + 1;
    return host;
}

char *blob_url_shown(const char *url)
{
    const char *start = authority(url), *host = host_of(url);
    char *shown = strdup(url);
    /* A password may hold a slash that was not written as %2F: what then looks like a path is not shown either. */
    const char *late = strrchr(host, '@');
    if (late)
        host = late + 1;
    if (!shown)
        return NULL;
    memmove(shown + (start - url), host, strlen(host) + 1);
    shown[strcspn(shown, "?#")] = '\0';
    return shown;
}

static bool is_printable(const char *url)
{
    for (; *url; url++)
        if (*url <= ' ' || *url == '\x7f' || (unsigned char)*url >= 0x80)
            return false;
    return true;
}

/* RFC 3986, section 3.2.3: digits, or none; 0 is no port to connect to. */
static bool is_port(const char *text, const char *end)
{
    unsigned port = 0;
    for (const char *at = text; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        port = port * 10 + (unsigned)(*at - '0');
        if (port > 65535)
            return false;
    }
    return text == end || port > 0;
}

static const char *fault_of_host(const char *host)
{
    const char *end = host + strcspn(host, "/"), *colon = memchr(host, ':', (size_t)(end - host));
    if (*host == '[') {
        const char *bracket = memchr(host, ']', (size_t)(end - host));
        if (!bracket || (bracket + 1 < end && bracket[1] != ':'))
            return "has no ] after the address of its host, or more than a port behind it";
        char address[INET6_ADDRSTRLEN] = "";
        size_t size = strcspn(host + 1, "%]");
        if (size < sizeof(address))
            memcpy(address, host + 1, size);
        if (inet_pton(AF_INET6, address, &(struct in6_addr){0}) != 1)
            return "has no address of IPv6 between [ and ]";
        colon = bracket + 1 < end ? bracket + 1 : NULL;
    }
    if (colon && !is_port(colon + 1, end))
        return "has a port that is no number from 1 to 65535";
    return NULL;
}

/* What is wrong, as the end of a sentence; NULL: nothing. */
static const char *fault_of(const char *url)
{
    const char *host = host_of(url);
    if (strlen(url) > BLOB_URL_BYTES_MAX)
        return "is too long";
    if (!is_printable(url))
        return "holds a blank, a control character or a letter that is not ASCII: write it as %XX";
    if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
        return "begins neither with http:// nor with https://";
    if (*host == '\0' || *host == '/' || *host == ':')
        return "names no host";
    if (strpbrk(url, "?#\"<>\\^`{|}"))
        return "has a query, a fragment, or a character that no path has";
    if (strchr(host, '@'))
        return "has an @ in its path: write it, or a slash in the password, as %XX";
    return fault_of_host(host);
}

int blob_url_check(const char *url, struct shared_error *err)
{
    const char *fault = fault_of(url);
    if (!fault)
        return 0;
    CLEANUP_FREE char *shown = blob_url_shown(url);
    return shared_fail(err, SHARED_EINVAL, 0, "the URL of the cache, %.80s, %s", shown ? shown : "?", fault);
}

char *blob_url_of(const char *url, const struct blob_key *key)
{
    char digits[HASH_TEXT_BYTES];
    struct hash hash;
    memcpy(hash.bytes, key->bytes, sizeof(hash.bytes));
    hash_to_text(&hash, digits);
    size_t length = strlen(url);
    while (length > 0 && url[length - 1] == '/')
        length--;
    char *text = malloc(length + 1 + 2 * (HASH_TEXT_BYTES - 1) + 1);
    if (text) {
        memcpy(text, url, length);
        text[length] = '/';
        memcpy(text + length + 1, digits, HASH_TEXT_BYTES - 1);
        memcpy(text + length + HASH_TEXT_BYTES, digits, HASH_TEXT_BYTES);
    }
    return text;
}
