/* route_busy.h - "try again later" from the handler of a route. */
#ifndef SHARED_ROUTE_BUSY_H
#define SHARED_ROUTE_BUSY_H

#include <shared/router.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes the response a status, 429 or 503, with a text and a Retry-After header: retry_after_ms rounded up to
 * seconds, at least 1; below 0 there is none. Behind a non-proxy integration the status and the text travel,
 * the header does not. What it makes lies in the request's arena. Returns 0 or SHARED_ENOMEM. Any thread.
 */
int shared_route_busy(const struct shared_route_call *call, int status, int64_t retry_after_ms,
                      const char *text, struct shared_apigw_response *response, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
