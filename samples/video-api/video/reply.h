/* reply.h - the ways in which every function of this API answers. */
#ifndef VIDEO_REPLY_H
#define VIDEO_REPLY_H

#include <shared/apigw.h>
#include <shared/error.h>

/*
 * Status 200 with a body that may be kept for max_age_s seconds: with an entity tag, 304 where If-None-Match
 * has it already, no body for HEAD.
 */
int reply_cacheable(const struct shared_apigw_request *request, const char *content_type,
                    struct shared_slice body, unsigned max_age_s, struct shared_answer *answer,
                    struct shared_error *err);

/* A status over 399 with a text for the caller of the API, formatted as by printf. */
int reply_problem(const struct shared_apigw_request *request, struct shared_answer *answer,
                  struct shared_error *err, int status, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * What went wrong with the request's body: 413 where it was too large, the given status otherwise. Exhausted
 * memory is not the caller's doing and fails the invocation.
 */
int reply_refusal(const struct shared_apigw_request *request, struct shared_answer *answer,
                  struct shared_error *err, int status, const struct shared_error *problem);

/* 405 with the methods that are allowed, "GET, HEAD". */
int reply_not_allowed(const struct shared_apigw_request *request, const char *methods,
                      struct shared_answer *answer, struct shared_error *err);

#endif
