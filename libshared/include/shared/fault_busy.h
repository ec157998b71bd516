/* fault_busy.h - "try again later": 429 and 503 with Retry-After. */
#ifndef SHARED_FAULT_BUSY_H
#define SHARED_FAULT_BUSY_H

#include <shared/apigw.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * As shared_fault_text, with a Retry-After header: retry_after_ms rounded up to seconds, at least 1; below 0
 * there is none. status is 429 or 503 (any other that is an error will do). Behind a non-proxy integration
 * the errorMessage is that of shared_fault_text with "retryAfter", in seconds, after the status:
 *
 *     {"status":429,"retryAfter":1,"contentType":"text/plain; charset=utf-8","body":"too many requests"}
 *
 * and the mapping template of shared/fault.h has besides
 *
 *     #if($fault.retryAfter)
 *     #set($context.responseOverride.header.Retry-After = "$fault.retryAfter")
 *     #end
 *
 * text may be NULL: no body. Returns what shared_fault_text does. Any thread.
 */
int shared_fault_busy(const struct shared_apigw_request *request, int status, int64_t retry_after_ms,
                      const char *text, struct shared_answer *answer, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
