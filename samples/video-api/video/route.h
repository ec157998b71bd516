/* route.h - which resource of the API a request means, whatever brought it here. */
#ifndef VIDEO_ROUTE_H
#define VIDEO_ROUTE_H

#include <shared/apigw.h>

/*
 * Whether a request is for a resource such as "/titles/{id}". REST and HTTP APIs say which of their resources
 * they matched; a Function URL or a load balancer gives only the path; a mapping template only parameters.
 * *id becomes what stands for {id}, or NULL; the request's arena owns it. id may be NULL where the resource
 * has no {id}.
 */
bool route_matches(const struct shared_apigw_request *request, const char *resource, const char **id);

/* Whether a method is among those allowed, "GET, HEAD". A mapping template says none and is taken to be
 * right. */
bool route_allows(const struct shared_apigw_request *request, const char *methods);

#endif
