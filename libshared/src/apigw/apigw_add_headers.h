/* apigw_add_headers.h - a response's headers and more of them. */
#ifndef SHARED_APIGW_ADD_HEADERS_H
#define SHARED_APIGW_ADD_HEADERS_H

#include <shared/apigw.h>

/* The value of a response's first header of a name, whatever its case, or NULL. */
const char *shared_apigw_response_header(const struct shared_apigw_response *response, const char *name);

/*
 * Room in the arena for the response's headers, which are copied there, and for more after them: the response
 * has the copy then, and the caller fills and counts. NULL where memory is exhausted.
 */
struct shared_apigw_pair *shared_apigw_headers_grow(struct shared_apigw_response *response, size_t more,
                                                    struct shared_arena *arena);

/*
 * Adds a name to Vary (RFC 9110, section 12.5.5), to the one that the response has, or in a header of its own
 * behind the others, for which shared_apigw_headers_grow has made room. Returns false where memory is
 * exhausted.
 */
bool shared_apigw_vary_add(struct shared_apigw_response *response, struct shared_apigw_pair *headers,
                           const char *name, struct shared_arena *arena);

#endif
