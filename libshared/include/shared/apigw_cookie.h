/* apigw_cookie.h - Set-Cookie values (RFC 6265, section 4.1; SameSite and Partitioned as browsers have them). */
#ifndef SHARED_APIGW_COOKIE_H
#define SHARED_APIGW_COOKIE_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum shared_same_site {
    SHARED_SAME_SITE_UNSET, /* the browser's default: Lax */
    SHARED_SAME_SITE_STRICT,
    SHARED_SAME_SITE_LAX,
    SHARED_SAME_SITE_NONE /* needs secure */
};

/* All texts are borrowed for the call; NULL or 0 leaves an attribute out. */
struct shared_apigw_cookie_attributes {
    const char *name;  /* a token (RFC 9110, section 5.6.2) */
    const char *value; /* cookie octets; what is not is percent-encoded as UTF-8 bytes */
    const char *domain;
    const char *path;
    int64_t max_age_s; /* below 0: Max-Age=0, which deletes the cookie */
    bool secure;
    bool http_only;
    bool partitioned; /* needs secure */
    enum shared_same_site same_site;
};

/*
 * Makes a value for shared_apigw_response's cookies, in the arena. Fails with SHARED_EINVAL where the name is
 * no token, domain or path hold a semicolon or a control character, secure is missing where it is needed, a
 * name begins with __Secure- or __Host- without what that demands, or the whole has over 4,096 bytes, which
 * browsers refuse; SHARED_ENOMEM. Any thread.
 */
int shared_apigw_cookie_format(const struct shared_apigw_cookie_attributes *cookie,
                               struct shared_arena *arena, const char **text, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
