/* apigw_encoding.h - which coding of a body a client takes. */
#ifndef SHARED_APIGW_ENCODING_H
#define SHARED_APIGW_ENCODING_H

#include <shared/apigw.h>

/* Whether a client takes gzip, and not rather the body as it is (RFC 9110, section 12.5.3). What is malformed
 * in Accept-Encoding counts as not said; without one the body goes as it is. */
bool shared_apigw_accepts_gzip(const struct shared_apigw_request *request);

#endif
