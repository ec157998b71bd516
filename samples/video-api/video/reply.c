#include "reply.h"

#include <shared/fault.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* FNV-1a with 64 bits: an entity tag tells versions apart, it keeps no secrets. */
static uint64_t hash(struct shared_slice body)
{
    uint64_t value = 0xcbf29ce484222325;
    for (size_t i = 0; i < body.size_bytes; i++)
        value = (value ^ (unsigned char)body.data[i]) * 0x100000001b3;
    return value;
}

/* Behind a non-proxy integration there is no way to say 304 but as an error, which nobody would map. */
static bool has_already(const struct shared_apigw_request *request, const char *tag)
{
    const char *known = shared_apigw_header(request, "If-None-Match");
    return request->source != SHARED_APIGW_MAPPED && known && (strcmp(known, "*") == 0 || strstr(known, tag));
}

int reply_cacheable(const struct shared_apigw_request *request, const char *content_type,
                    struct shared_slice body, unsigned max_age_s, struct shared_answer *answer,
                    struct shared_error *err)
{
    char tag[24], age[32];
    snprintf(tag, sizeof(tag), "\"%016llx\"", (unsigned long long)hash(body));
    snprintf(age, sizeof(age), "public, max-age=%u", max_age_s);
    struct shared_apigw_pair headers[] = {{"ETag", tag}, {"Cache-Control", age}};
    struct shared_apigw_response response = {
        .content_type = content_type, .headers = {headers, 2}, .body = body};
    if (has_already(request, tag)) {
        response.status = 304;
        response.content_type = NULL;
        response.body = (struct shared_slice){0};
    } else if (strcmp(request->method, "HEAD") == 0) {
        response.body = (struct shared_slice){0};
    }
    return shared_apigw_respond(request, &response, answer, err);
}

int reply_problem(const struct shared_apigw_request *request, struct shared_answer *answer,
                  struct shared_error *err, int status, const char *format, ...)
{
    char text[SHARED_ERROR_TEXT_BYTES + 16];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return shared_fault_text(request, status, text, answer, err);
}

int reply_refusal(const struct shared_apigw_request *request, struct shared_answer *answer,
                  struct shared_error *err, int status, const struct shared_error *problem)
{
    if (problem->code == SHARED_ENOMEM)
        return shared_fail(err, SHARED_ENOMEM, 0, "%s", problem->text);
    return reply_problem(request, answer, err, problem->code == SHARED_ETOOBIG ? 413 : status, "%s",
                         problem->text);
}

int reply_not_allowed(const struct shared_apigw_request *request, const char *methods,
                      struct shared_answer *answer, struct shared_error *err)
{
    if (request->source == SHARED_APIGW_MAPPED)
        return reply_problem(request, answer, err, 405, "allowed are %s", methods);
    struct shared_apigw_pair allow = {"Allow", methods};
    struct shared_apigw_response response = {.status = 405, .headers = {&allow, 1}};
    return shared_apigw_respond(request, &response, answer, err);
}
