#include "emulator_inner.h"

#include <cjson/cJSON.h>

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define XRAY_CAUSE_LIMIT_BYTES 65536 /* aws-lambda-runtime-interface-emulator, 2026-01 */

const char *emulator_kind_name(enum emulator_kind kind)
{
    static const char *const names[] = {[EMULATOR_NEXT] = "GET …/invocation/next",
                                        [EMULATOR_RESPONSE] = "POST …/invocation/{id}/response",
                                        [EMULATOR_ERROR] = "POST …/invocation/{id}/error",
                                        [EMULATOR_INIT_ERROR] = "POST …/init/error",
                                        [EMULATOR_ANSWER] = "POST …/invocation/{id}/response or /error",
                                        [EMULATOR_REFUSE] = "a new connection",
                                        [EMULATOR_DOWN] = "a line about nobody listening",
                                        [EMULATOR_REPORT] = "a line on standard error",
                                        [EMULATOR_EXIT] = "the end of the program"};
    return names[kind];
}

/* RFC 3629, by its table of well-formed sequences. */
static bool is_utf8(const unsigned char *text, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes;) {
        unsigned char c = text[i++];
        int more = c < 0x80                 ? 0
                   : c >= 0xC2 && c <= 0xDF ? 1
                   : c >= 0xE0 && c <= 0xEF ? 2
                   : c >= 0xF0 && c <= 0xF4 ? 3
                                            : -1;
        if (more < 0 || size_bytes - i < (size_t)more)
            return false;
        if (more && ((c == 0xE0 && text[i] < 0xA0) || (c == 0xED && text[i] > 0x9F) ||
                     (c == 0xF0 && text[i] < 0x90) || (c == 0xF4 && text[i] > 0x8F)))
            return false;
        for (; more; more--) {
            if ((text[i++] & 0xC0) != 0x80)
                return false;
        }
    }
    return true;
}

static cJSON *parse(const char *text, size_t size_bytes)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text, size_bytes, &end, 0);
    while (json && end < text + size_bytes && strchr(" \t\r\n", *end))
        end++;
    if (json && end == text + size_bytes && is_utf8((const unsigned char *)text, size_bytes))
        return json;
    cJSON_Delete(json);
    return NULL;
}

static size_t count_headers(const struct emulator_request *request, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++)
        count += strcasecmp(request->headers[i].name, name) == 0;
    return count;
}

/* RFC 9112: one Host, one length, and what Lambda's own headers ask for. */
static void verify_headers(struct emulator *emulator, const struct emulator_request *request)
{
    const char *host = emulator->options->host ? emulator->options->host : "127.0.0.1";
    const char *value = emulator_header(request, "Host"),
               *length = emulator_header(request, "Content-Length");
    char expected[256];
    snprintf(expected, sizeof(expected), "%s:%d", host, emulator->port);
    if (count_headers(request, "Host") != 1 || strcmp(value, expected) != 0)
        emulator_violation(emulator, "%s: one header Host: %s is expected", request->target, expected);
    if (emulator_header(request, "Transfer-Encoding") || emulator_header(request, "Expect"))
        emulator_violation(emulator, "%s: Transfer-Encoding or Expect is there", request->target);
    if (request->kind == EMULATOR_NEXT && ((length && strcmp(length, "0") != 0) || request->body_bytes))
        emulator_violation(emulator, "%s: has a body", request->target);
    if (request->kind != EMULATOR_NEXT &&
        (count_headers(request, "Content-Length") != 1 || length[strspn(length, "0123456789")]))
        emulator_violation(emulator, "%s: one Content-Length of digits is expected", request->target);
    if (request->kind != EMULATOR_NEXT && count_headers(request, "Content-Type") != 1)
        emulator_violation(emulator, "%s: one Content-Type is expected", request->target);
    for (size_t i = 0; i < request->header_count; i++) {
        if (!*request->headers[i].value)
            emulator_violation(emulator, "%s: header %s is empty", request->target, request->headers[i].name);
    }
}

static void verify_invocation(struct emulator *emulator, const struct emulator_request *request)
{
    const char *invocation_id = emulator_header(request, "Lambda-Runtime-Invocation-Id");
    bool expected = request->kind == EMULATOR_RESPONSE || request->kind == EMULATOR_ERROR;
    if (strcmp(invocation_id ? invocation_id : "", expected ? emulator->invocation_id : "") != 0)
        emulator_violation(emulator, "%s: Lambda-Runtime-Invocation-Id is \"%s\", not \"%s\"",
                           request->target, invocation_id ? invocation_id : "", emulator->invocation_id);
}

static void verify_error_body(struct emulator *emulator, const struct emulator_request *request,
                              const char *type)
{
    cJSON *json = parse(request->body, request->body_bytes), *frame;
    const cJSON *message = cJSON_GetObjectItemCaseSensitive(json, "errorMessage");
    const cJSON *error_type = cJSON_GetObjectItemCaseSensitive(json, "errorType");
    const cJSON *stack = cJSON_GetObjectItemCaseSensitive(json, "stackTrace");
    if (!cJSON_IsObject(json))
        emulator_violation(emulator, "%s: the body is not a JSON object in UTF-8", request->target);
    else if (!cJSON_IsString(message) || !cJSON_IsString(error_type) || !cJSON_IsArray(stack) ||
             cJSON_GetArraySize(json) != 3)
        emulator_violation(emulator, "%s: the body is not {errorMessage,errorType,stackTrace}",
                           request->target);
    else if (type && strcmp(type, error_type->valuestring) != 0)
        emulator_violation(emulator, "%s: errorType is not that of the header", request->target);
    cJSON_ArrayForEach(frame, stack)
    {
        if (!cJSON_IsString(frame))
            emulator_violation(emulator, "%s: a stack frame is not a text", request->target);
    }
    cJSON_Delete(json);
}

static void verify_error(struct emulator *emulator, const struct emulator_request *request)
{
    const char *type = emulator_header(request, "Lambda-Runtime-Function-Error-Type");
    const char *cause = emulator_header(request, "Lambda-Runtime-Function-XRay-Error-Cause");
    regex_t pattern;
    if (regcomp(&pattern, "^(Runtime|Function)\\.[A-Z][a-zA-Z]+$", REG_EXTENDED | REG_NOSUB) == 0) {
        if (!type || regexec(&pattern, type, 0, NULL, 0) != 0)
            emulator_violation(emulator, "%s: Lambda-Runtime-Function-Error-Type is \"%s\"", request->target,
                               type ? type : "");
        regfree(&pattern);
    }
    verify_error_body(emulator, request, type);
    cJSON *json = cause ? parse(cause, strlen(cause)) : NULL;
    if (cause && (!json || strlen(cause) > XRAY_CAUSE_LIMIT_BYTES))
        emulator_violation(emulator, "%s: the X-Ray cause is not JSON of at most 64 KiB", request->target);
    cJSON_Delete(json);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

bool emulator_recognise(struct emulator *emulator, struct emulator_request *request)
{
    const char *suffix = emulator->options->suffix ? emulator->options->suffix : "";
    bool posted = strcmp(request->method, "POST") == 0;
    char expected[1024];
    if (strcmp(request->method, "GET") == 0 && ends_with(request->target, "/invocation/next"))
        request->kind = EMULATOR_NEXT;
    else if (posted && ends_with(request->target, "/response"))
        request->kind = EMULATOR_RESPONSE;
    else if (posted && ends_with(request->target, "/init/error"))
        request->kind = EMULATOR_INIT_ERROR;
    else if (posted && ends_with(request->target, "/error"))
        request->kind = EMULATOR_ERROR;
    else
        return false;

    const char *last = request->kind == EMULATOR_NEXT         ? "invocation/next"
                       : request->kind == EMULATOR_INIT_ERROR ? "init/error"
                                                              : NULL;
    snprintf(expected, sizeof(expected), "%s/2018-06-01/runtime/%s%s%s", suffix, last ? last : "invocation/",
             last ? "" : emulator->id,
             last                              ? ""
             : request->kind == EMULATOR_ERROR ? "/error"
                                               : "/response");
    if (strcmp(request->target, expected) != 0)
        emulator_violation(emulator, "%s %s: the path is not %s", request->method, request->target, expected);
    return true;
}

void emulator_verify(struct emulator *emulator, const struct emulator_request *request)
{
    verify_headers(emulator, request);
    verify_invocation(emulator, request);
    if (request->kind == EMULATOR_ERROR || request->kind == EMULATOR_INIT_ERROR)
        verify_error(emulator, request);
}
