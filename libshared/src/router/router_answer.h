/* router_answer.h - what a router does with a request beside finding its route. */
#ifndef SHARED_ROUTER_ANSWER_H
#define SHARED_ROUTER_ANSWER_H

#include <shared/router.h>

/* The path of a request as patterns have it: without the router's prefix, and made of resource and path
 * parameters where a mapping template told no more. In the request's arena; NULL where memory is exhausted.
 * */
const char *shared_router_path(const struct shared_router *router,
                               const struct shared_apigw_request *request);

/* Whether a request asks what a cross-origin one may do. */
bool shared_router_is_preflight(const struct shared_apigw_request *request);

/* Adds the headers of CORS to a response. Returns 0 or SHARED_ENOMEM. */
int shared_router_cors_add(const struct shared_route_cors *cors, const struct shared_apigw_request *request,
                           struct shared_apigw_response *response, struct shared_error *err);

/* The same for the answer to a preflight, where methods are those of the path. */
int shared_router_preflight_add(const struct shared_route_cors *cors,
                                const struct shared_apigw_request *request, const char *methods,
                                struct shared_apigw_response *response, struct shared_error *err);

#endif
