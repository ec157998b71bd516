/* apigw_cookie.h - cookies out (RFC 6265, section 4.1; SameSite and Partitioned as browsers have them), and
 * their values in. */
#ifndef SHARED_APIGW_COOKIE_H
#define SHARED_APIGW_COOKIE_H

#include <shared/apigw.h>
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
    const char *value; /* any bytes; those that are no cookie octets are percent-encoded, and % itself */
    const char *domain;
    const char *path;  /* begins with a slash */
    int64_t max_age_s; /* below 0: Max-Age=0, which deletes the cookie */
    bool secure;
    bool http_only;
    bool partitioned; /* needs secure */
    enum shared_same_site same_site;
};

/*
 * Makes a value for shared_apigw_response's cookies, in the arena. Fails with SHARED_EINVAL where the name is
 * no token, domain or path are empty or hold a semicolon, a control character or what is not ASCII, a path
 * does not begin with a slash, secure is missing where it is needed, or a name begins with __Secure-
 * (whatever the case) without secure or with __Host- without secure and path "/", or with a domain; with
 * SHARED_ETOOBIG where domain or path have over 1,024 bytes or the whole over 4,096, which browsers drop;
 * SHARED_ENOMEM. Any thread.
 */
int shared_apigw_cookie_format(const struct shared_apigw_cookie_attributes *cookie,
                               struct shared_arena *arena, const char **text, struct shared_error *err);

/*
 * The first cookie of a name that a request has, as it was before shared_apigw_cookie_format:
 * percent-decoded, in the request's arena. NULL where there is none, it holds %00 or memory is exhausted. Any
 * thread.
 */
const char *shared_apigw_cookie_text(const struct shared_apigw_request *request, const char *name);

#ifdef __cplusplus
}
#endif

#endif
