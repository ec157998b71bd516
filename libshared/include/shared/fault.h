/*
 * fault.h - Error as Response: any HTTP status, behind any integration, by one call.
 *
 *     return shared_fault_redirect(&request, 301, "https://cdn.example/v/42.m3u8", answer, err);
 *     return shared_fault_text(&request, 404, "no such title", answer, err);
 *
 * Behind a proxy integration (REST, HTTP API), a Function URL or a load balancer the fault becomes the
 * response, and the call returns 0.
 *
 * Behind an old, non-proxy integration a method has one default status, for success; all others are chosen by
 * a regular expression over the errorMessage of a failed invocation. There the call fails the invocation (it
 * returns SHARED_EFAULT, for the handler to return) with errorType "Function.Fault" and a one-line
 * errorMessage
 *
 *     {"status":301,"location":"https://cdn.example/v/42.m3u8"}
 *     {"status":404,"contentType":"text/plain; charset=utf-8","body":"no such title"}
 *
 * that always begins with the status. In API Gateway, map it once per status (here 301):
 *
 *     integration response   selectionPattern   \{"status":301[,}].*
 *     method response        301, headers Location and Content-Type
 *     mapping template       #set($fault = $util.parseJson($input.path('$.errorMessage')))
 *                            #if($fault.location)
 *                            #set($context.responseOverride.header.Location = $fault.location)
 *                            #end
 *                            #if($fault.contentType)
 *                            #set($context.responseOverride.header.Content-Type = $fault.contentType)
 *                            #end
 *                            #if($fault.body)$fault.body#end
 *                            #if($fault.bodyBase64)$util.base64Decode($fault.bodyBase64)#end
 *
 * A body that is not valid UTF-8 is sent as "bodyBase64" instead.
 */
#ifndef SHARED_FAULT_H
#define SHARED_FAULT_H

#include <shared/apigw.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A status with what belongs to it. All texts are borrowed for the call. */
struct shared_fault {
    int status;               /* 100 to 599 */
    const char *location;     /* NULL: none */
    const char *content_type; /* NULL: text/plain; charset=utf-8 where there is a body */
    struct shared_slice body;
};

/*
 * Makes a fault the outcome of an invocation, as above. What it makes lives in the request's arena. Returns 0
 * where the answer is a response; SHARED_EFAULT where the invocation fails as it should; SHARED_EINVAL where
 * the status is out of range, or the location or content type holds a control character or is not UTF-8;
 * SHARED_ENOMEM. Whatever it returns is
 * what the handler should return. Any thread.
 */
int shared_fault_raise(const struct shared_apigw_request *request, const struct shared_fault *fault,
                       struct shared_answer *answer, struct shared_error *err);

/* A redirect: status is 301, 302, 303, 307 or 308. */
static inline int shared_fault_redirect(const struct shared_apigw_request *request, int status,
                                        const char *location, struct shared_answer *answer,
                                        struct shared_error *err)
{
    struct shared_fault fault = {status, location, NULL, {NULL, 0}};
    return shared_fault_raise(request, &fault, answer, err);
}

/* A status with a plain text. */
static inline int shared_fault_text(const struct shared_apigw_request *request, int status, const char *text,
                                    struct shared_answer *answer, struct shared_error *err)
{
    struct shared_fault fault = {status, NULL, NULL, shared_slice_from_text(text)};
    return shared_fault_raise(request, &fault, answer, err);
}

#ifdef __cplusplus
}
#endif

#endif
