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
                                        [EMULATOR_REGISTER] = "POST …/extension/register",
                                        [EMULATOR_EVENT_NEXT] = "GET …/extension/event/next",
                                        [EMULATOR_SIGNAL] = "a signal",
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
    bool asks = request->kind == EMULATOR_NEXT || request->kind == EMULATOR_EVENT_NEXT;
    if ((emulator_header(request, "Transfer-Encoding") && !request->chunked) ||
        emulator_header(request, "Expect"))
        emulator_violation(emulator, "%s: Transfer-Encoding or Expect is there", request->target);
    if (asks && ((length && strcmp(length, "0") != 0) || request->body_bytes))
        emulator_violation(emulator, "%s: has a body", request->target);
    if (!asks && !request->chunked &&
        (count_headers(request, "Content-Length") != 1 || length[strspn(length, "0123456789")]))
        emulator_violation(emulator, "%s: one Content-Length of digits is expected", request->target);
    if (request->chunked && length)
        emulator_violation(emulator, "%s: both chunked and with a length", request->target);
    if (!asks && count_headers(request, "Content-Type") != 1)
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
                              const char *body, size_t body_bytes, const char *type)
{
    cJSON *json = parse(body, body_bytes), *frame;
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

static void verify_error_type(struct emulator *emulator, const struct emulator_request *request,
                              const char *type)
{
    regex_t pattern;
    if (regcomp(&pattern, "^(Runtime|Function)\\.[A-Z][a-zA-Z]+$", REG_EXTENDED | REG_NOSUB) == 0) {
        if (!type || regexec(&pattern, type, 0, NULL, 0) != 0)
            emulator_violation(emulator, "%s: Lambda-Runtime-Function-Error-Type is \"%s\"", request->target,
                               type ? type : "");
        regfree(&pattern);
    }
}

static void verify_error(struct emulator *emulator, const struct emulator_request *request)
{
    const char *type = emulator_header(request, "Lambda-Runtime-Function-Error-Type");
    const char *cause = emulator_header(request, "Lambda-Runtime-Function-XRay-Error-Cause");
    verify_error_type(emulator, request, type);
    verify_error_body(emulator, request, request->body, request->body_bytes, type);
    cJSON *json = cause ? parse(cause, strlen(cause)) : NULL;
    if (cause && (!json || strlen(cause) > XRAY_CAUSE_LIMIT_BYTES))
        emulator_violation(emulator, "%s: the X-Ray cause is not JSON of at most 64 KiB", request->target);
    cJSON_Delete(json);
}

/* The standard alphabet of RFC 4648, with padding. Returns the bytes at out, which may be text; -1 where it is
 * something else. */
static long decode_base64(const char *text, char *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = strlen(text), digits = strspn(text, alphabet), bytes = 0;
    unsigned held = 0;
    if (size % 4 != 0 || strspn(text + digits, "=") != size - digits || size - digits > 2)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        held = held << 6 | (unsigned)(strchr(alphabet, text[i]) - alphabet);
        if (i % 4 != 0)
            out[bytes++] = (char)(held >> (6 - i % 4 * 2));
    }
    return (long)bytes;
}

/* "Response streaming" of the developer guide. Lambda's server reads trailers of up to 4 KiB (net/http of Go,
 * readTrailer). */
static void verify_stream(struct emulator *emulator, const struct emulator_request *request)
{
    const char *mode = emulator_header(request, "Lambda-Runtime-Function-Response-Mode");
    const char *type = emulator_trailer(request, "Lambda-Runtime-Function-Error-Type");
    const char *body = emulator_trailer(request, "Lambda-Runtime-Function-Error-Body");
    const char *announced = emulator_header(request, "Trailer");
    if (!mode || strcmp(mode, "streaming") != 0 || request->kind != EMULATOR_RESPONSE)
        emulator_violation(emulator, "%s: chunked, but no streaming response", request->target);
    if (!announced || !strstr(announced, "Lambda-Runtime-Function-Error-Type") ||
        !strstr(announced, "Lambda-Runtime-Function-Error-Body"))
        emulator_violation(emulator, "%s: the trailers are not announced", request->target);
    if (request->trailer_bytes + 4 > 4096)
        emulator_violation(emulator, "%s: trailers of %zu bytes", request->target, request->trailer_bytes);
    if (!type != !body || request->trailer_count != (type ? 2 : 0))
        emulator_violation(emulator, "%s: no or two trailers are expected", request->target);
    if (!type || !body)
        return;
    char *json = malloc(strlen(body) + 1);
    long size = json ? decode_base64(body, json) : -1;
    verify_error_type(emulator, request, type);
    if (size >= 0)
        verify_error_body(emulator, request, json, (size_t)size, type);
    else
        emulator_violation(emulator, "%s: the error's body is not base64", request->target);
    free(json);
}

/* AWS Lambda developer guide, "Lambda Extensions API": a name, and the events that are asked for. */
static void verify_register(struct emulator *emulator, const struct emulator_request *request)
{
    cJSON *json = parse(request->body, request->body_bytes);
    const char *name = emulator_header(request, "Lambda-Extension-Name");
    if (!name || !*name)
        emulator_violation(emulator, "%s: Lambda-Extension-Name is missing", request->target);
    if (!cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(json, "events")))
        emulator_violation(emulator, "%s: the body is not {events}", request->target);
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
    else if (strcmp(request->method, "GET") == 0 && ends_with(request->target, "/extension/event/next"))
        request->kind = EMULATOR_EVENT_NEXT;
    else if (posted && ends_with(request->target, "/extension/register"))
        request->kind = EMULATOR_REGISTER;
    else if (posted && ends_with(request->target, "/response"))
        request->kind = EMULATOR_RESPONSE;
    else if (posted && ends_with(request->target, "/init/error"))
        request->kind = EMULATOR_INIT_ERROR;
    else if (posted && ends_with(request->target, "/error"))
        request->kind = EMULATOR_ERROR;
    else
        return false;

    const char *whole = request->kind == EMULATOR_NEXT         ? "/2018-06-01/runtime/invocation/next"
                        : request->kind == EMULATOR_INIT_ERROR ? "/2018-06-01/runtime/init/error"
                        : request->kind == EMULATOR_REGISTER   ? "/2020-01-01/extension/register"
                        : request->kind == EMULATOR_EVENT_NEXT ? "/2020-01-01/extension/event/next"
                                                               : NULL;
    snprintf(expected, sizeof(expected), "%s%s%s%s", suffix,
             whole ? whole : "/2018-06-01/runtime/invocation/", whole ? "" : emulator->id,
             whole                             ? ""
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
    if (request->chunked)
        verify_stream(emulator, request);
    if (request->kind == EMULATOR_REGISTER)
        verify_register(emulator, request);
    if (request->kind == EMULATOR_EVENT_NEXT &&
        strcmp(emulator_header(request, "Lambda-Extension-Identifier")
                   ? emulator_header(request, "Lambda-Extension-Identifier")
                   : "",
               EMULATOR_EXTENSION_ID) != 0)
        emulator_violation(emulator, "%s: not the identifier that was given", request->target);
}
