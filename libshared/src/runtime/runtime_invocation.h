/* runtime_invocation.h - what the answer to /next holds; inline, as a program has one kind of loop. */
#ifndef SHARED_RUNTIME_INVOCATION_H
#define SHARED_RUNTIME_INVOCATION_H

#include "runtime/runtime_loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value stays where it was received. */
static const struct {
    unsigned char offset;
    char name[36];
} shared_runtime_fields[] = {
    {offsetof(struct shared_context, request_id), "Lambda-Runtime-Aws-Request-Id"},
    {offsetof(struct shared_context, function_arn), "Lambda-Runtime-Invoked-Function-Arn"},
    {offsetof(struct shared_context, trace_id), "Lambda-Runtime-Trace-Id"},
    {offsetof(struct shared_context, client_context), "Lambda-Runtime-Client-Context"},
    {offsetof(struct shared_context, cognito_identity), "Lambda-Runtime-Cognito-Identity"},
    {offsetof(struct shared_context, tenant_id), "Lambda-Runtime-Aws-Tenant-Id"},
    {offsetof(struct shared_context, invocation_id), "Lambda-Runtime-Invocation-Id"},
};

/* putenv keeps the pointer, where setenv would leak a copy for each invocation; of a name alone it removes
 * the variable (glibc, musl). */
static inline void shared_runtime_publish_trace(const char *trace_id)
{
    static char variable[1024];
    putenv((char *)"_X_AMZN_TRACE_ID");
    if (trace_id &&
        snprintf(variable, sizeof(variable), "_X_AMZN_TRACE_ID=%s", trace_id) < (int)sizeof(variable))
        putenv(variable);
}

/* Whether the response is an invocation; if not, says so in err. An empty header counts as absent. */
static inline int shared_runtime_read(const struct shared_http_response *response,
                                      struct shared_context *context, bool publishes,
                                      struct shared_error *err)
{
    for (size_t i = 0; i < sizeof(shared_runtime_fields) / sizeof(*shared_runtime_fields); i++) {
        char *value = shared_http_header(&response->lines, shared_runtime_fields[i].name);
        if (value && *value)
            memcpy((char *)context + shared_runtime_fields[i].offset, &value, sizeof(value));
    }
    unsigned long long deadline;
    const char *value = shared_http_header(&response->lines, "Lambda-Runtime-Deadline-Ms");
    if (value && shared_http_number(value, &deadline) && deadline < INT64_MAX)
        context->deadline_ms = (int64_t)deadline;
    if (response->status != 200 || !context->request_id)
        return shared_fail(err, SHARED_EPROTO, 0, "/next: status %d, request id %s", response->status,
                           context->request_id ? context->request_id : "missing");
    if (publishes)
        shared_runtime_publish_trace(context->trace_id);
    return 0;
}

#endif
