#include "content/blob_url.h"

#include "base/cleanup.h"

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
    return NULL;
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
