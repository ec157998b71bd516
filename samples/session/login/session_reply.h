/* session_reply.h - the ways in which this API answers: JSON, never to be cached. */
#ifndef SESSION_SESSION_REPLY_H
#define SESSION_SESSION_REPLY_H

#include <shared/router.h>

#include <stdint.h>

/* Only sent over TLS, to the host that set it, for the whole of it: RFC 6265bis, section 4.1.3.2. */
#define SESSION_COOKIE "__Host-session"

/* A session's text, with the cookie to keep; with an id of NULL the cookie is deleted and there is no text.
 */
int session_reply(const struct shared_route_call *call, int status, const char *json, const char *id,
                  int64_t max_age_s, struct shared_apigw_response *response, struct shared_error *err);

/* A status over 399 and {"error":"text"}; the text needs no escaping. With retry_after_ms from 0 on, when to
 * come again, in whole seconds. */
int session_reply_refuse(const struct shared_route_call *call, int status, const char *text,
                         int64_t retry_after_ms, struct shared_apigw_response *response,
                         struct shared_error *err);

#endif
