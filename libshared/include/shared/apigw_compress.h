/* apigw_compress.h - responses deflated where the client takes it; links zlib. */
#ifndef SHARED_APIGW_COMPRESS_H
#define SHARED_APIGW_COMPRESS_H

#include <shared/apigw.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Below it a body is not worth it: base64 adds a third, headers 50 bytes. */
#define SHARED_APIGW_COMPRESS_LEAST_BYTES 1400

/*
 * Gzips a response's body where it has least_bytes or more (0: SHARED_APIGW_COMPRESS_LEAST_BYTES), its
 * content type is a text (shared_apigw_is_text), the request's Accept-Encoding allows gzip and does not
 * prefer the body as it is (RFC 9110, section 12.5.3, q-values, * and x-gzip included), the response is not
 * partial and has no Content-Encoding, Cache-Control: no-transform or digest of its bytes yet, and the
 * result, in base64, is smaller. The same body always gives the same bytes. Vary: Accept-Encoding is added
 * wherever the header would have made a difference; a Content-Length is dropped; a strong ETag becomes a weak
 * one, for it would promise the same bytes to those who take gzip and those who do not (RFC 9110, section
 * 8.8.3.3). What is new lies in the request's arena. A MAPPED request, which has no headers to say it with,
 * leaves the response as it is.
 *
 * Returns 0 or SHARED_ENOMEM. Any thread. A handler of shared/router.h ends with it:
 *
 *     response->body = list;
 *     return shared_apigw_compress(call->request, response, 0, err);
 *
 * A REST API undoes base64, for this as for any binary body, only where its binaryMediaTypes say so.
 */
int shared_apigw_compress(const struct shared_apigw_request *request, struct shared_apigw_response *response,
                          size_t least_bytes, struct shared_error *err);

/* As shared_apigw_respond, with the response compressed as above. */
int shared_apigw_respond_compressed(const struct shared_apigw_request *request,
                                    const struct shared_apigw_response *response, size_t least_bytes,
                                    struct shared_answer *answer, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
