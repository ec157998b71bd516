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
 * As shared_apigw_respond, with the body gzipped where it has least_bytes or more (0:
 * SHARED_APIGW_COMPRESS_LEAST_BYTES), its content type is a text (shared_apigw_is_text), the request's
 * Accept-Encoding allows gzip (RFC 9110, section 12.5.3, q-values and * included), the response has no
 * Content-Encoding or Cache-Control: no-transform yet, and the result, in base64, is smaller. Vary:
 * Accept-Encoding is added wherever the header would have made a difference. A MAPPED request, which has no
 * headers to say it with, gets the body as it is. Any thread.
 */
int shared_apigw_respond_compressed(const struct shared_apigw_request *request,
                                    const struct shared_apigw_response *response, size_t least_bytes,
                                    struct shared_answer *answer, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
