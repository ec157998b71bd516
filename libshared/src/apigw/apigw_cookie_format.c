#include "apigw/apigw_token.h"
#include "base/buffer.h"

#include <shared/apigw_cookie.h>

#include <stdio.h>
#include <strings.h>

/* RFC 6265bis, section 5.6: attributes and cookies over these are dropped. */
#define ATTRIBUTE_BYTES 1024
#define COOKIE_BYTES 4096

/* RFC 6265, section 4.1.1: av-octets, and no empty value, which browsers take for none. */
static int check_attribute(const char *name, const char *what, const char *value, struct shared_error *err)
{
    if (!value)
        return 0;
    const char *at = value;
    while (*at >= 0x20 && *at < 0x7F && *at != ';')
        at++;
    if (*at)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "cookie %.60s: its %s holds a semicolon, a control character or what is not ASCII",
                           name, what);
    if (at == value)
        return shared_fail(err, SHARED_EINVAL, 0, "cookie %.60s: its %s is empty; NULL leaves it out", name,
                           what);
    if (at - value > ATTRIBUTE_BYTES)
        return shared_fail(err, SHARED_ETOOBIG, 0, "cookie %.60s: its %s has over %d bytes", name, what,
                           ATTRIBUTE_BYTES);
    return 0;
}

/* RFC 6265bis, section 4.1.3; browsers compare the prefixes without regard to case. */
static const char *check_security(const struct shared_apigw_cookie_attributes *cookie)
{
    bool is_host = strncasecmp(cookie->name, "__Host-", 7) == 0;
    if (!cookie->secure && (is_host || strncasecmp(cookie->name, "__Secure-", 9) == 0))
        return "its prefix needs secure";
    if (is_host && (cookie->domain || !cookie->path || strcmp(cookie->path, "/") != 0))
        return "the prefix __Host- needs path \"/\" and no domain";
    if (!cookie->secure && cookie->same_site == SHARED_SAME_SITE_NONE)
        return "SameSite=None needs secure";
    if (!cookie->secure && cookie->partitioned)
        return "partitioned needs secure";
    if (cookie->path && *cookie->path != '/')
        return "its path does not begin with a slash";
    return NULL;
}

static int check(const struct shared_apigw_cookie_attributes *cookie, struct shared_error *err)
{
    const char *name = cookie->name ? cookie->name : "";
    if (!shared_apigw_is_token(name))
        return shared_fail(err, SHARED_EINVAL, 0,
                           "cookie name \"%.60s\" is not a token (letters, digits, -, _)", name);
    int code = check_attribute(name, "domain", cookie->domain, err);
    if (code == 0)
        code = check_attribute(name, "path", cookie->path, err);
    const char *wrong = code == 0 ? check_security(cookie) : NULL;
    return wrong ? shared_fail(err, SHARED_EINVAL, 0, "cookie %.60s: %s", name, wrong) : code;
}

/* RFC 6265, section 4.1.1: cookie-octet, without the % that would be decoded. */
static bool is_plain(char c)
{
    return c > 0x20 && c < 0x7F && !strchr("\"%,;\\", c);
}

static void append_value(struct shared_buffer *text, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *value; value++) {
        unsigned char byte = (unsigned char)*value;
        char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
        if (is_plain(*value))
            shared_buffer_append(text, value, 1);
        else
            shared_buffer_append(text, escape, sizeof escape);
    }
}

static void append_attribute(struct shared_buffer *text, const char *name, const char *value)
{
    if (!value)
        return;
    shared_buffer_append_text(text, name);
    shared_buffer_append_text(text, value);
}

static void append_all(struct shared_buffer *text, const struct shared_apigw_cookie_attributes *cookie)
{
    static const char *const same_site[] = {NULL, "Strict", "Lax", "None"};
    char age[24];
    snprintf(age, sizeof age, "%lld", cookie->max_age_s > 0 ? (long long)cookie->max_age_s : 0);
    shared_buffer_append_text(text, cookie->name);
    shared_buffer_append(text, "=", 1);
    append_value(text, cookie->value ? cookie->value : "");
    append_attribute(text, "; Max-Age=", cookie->max_age_s ? age : NULL);
    append_attribute(text, "; Domain=", cookie->domain);
    append_attribute(text, "; Path=", cookie->path);
    append_attribute(text, "; Secure", cookie->secure ? "" : NULL);
    append_attribute(text, "; HttpOnly", cookie->http_only ? "" : NULL);
    append_attribute(text, "; SameSite=",
                     (unsigned)cookie->same_site <= SHARED_SAME_SITE_NONE ? same_site[cookie->same_site]
                                                                          : NULL);
    append_attribute(text, "; Partitioned", cookie->partitioned ? "" : NULL);
    shared_buffer_append(text, "", 1);
}

int shared_apigw_cookie_format(const struct shared_apigw_cookie_attributes *cookie,
                               struct shared_arena *arena, const char **text, struct shared_error *err)
{
    int code = check(cookie, err);
    if (code < 0)
        return code;
    struct shared_buffer buffer = {.arena = arena};
    append_all(&buffer, cookie);
    if (buffer.failed)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the cookie %.60s", cookie->name);
    if (buffer.size_bytes > COOKIE_BYTES + 1)
        return shared_fail(
            err, SHARED_ETOOBIG, 0,
            "cookie %.60s has %zu bytes; browsers take %d: keep a key in it, the rest elsewhere",
            cookie->name, buffer.size_bytes - 1, COOKIE_BYTES);
    *text = buffer.data;
    return 0;
}
