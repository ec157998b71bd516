/*
 * fuzz_apigw_request.c - an event that anybody sent, read and answered.
 *
 * The reader finds the format itself, so one target has all of them. What it read is sent back through every
 * shape of a response; each must parse, and hold the body as it was.
 */
#include "base/base64.h"
#include "base/utf8.h"
#include "fuzz_target.h"

#include <shared/fault.h>

#include <cjson/cJSON.h>
#include <string.h>

static void check_pairs(const struct shared_apigw_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        FUZZ_PROMISE(pairs->items[i].name && pairs->items[i].value);
}

static void check_lookups(const struct shared_apigw_request *request)
{
    for (size_t i = 0; i < request->headers.count; i++)
        FUZZ_PROMISE(shared_apigw_header(request, request->headers.items[i].name));
    for (size_t i = 0; i < request->query.count; i++)
        FUZZ_PROMISE(shared_apigw_query(request, request->query.items[i].name));
    for (size_t i = 0; i < request->path_parameters.count; i++)
        FUZZ_PROMISE(shared_apigw_path_parameter(request, request->path_parameters.items[i].name));
    for (size_t i = 0; i < request->cookies.count; i++)
        FUZZ_PROMISE(shared_apigw_cookie(request, request->cookies.items[i].name));
}

static void check_request(const struct shared_apigw_request *request)
{
    const char *const texts[] = {request->method, request->path, request->stage, request->resource,
                                 request->source_address};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        FUZZ_PROMISE(texts[i] != NULL);
    check_pairs(&request->headers);
    check_pairs(&request->query);
    check_pairs(&request->path_parameters);
    check_pairs(&request->cookies);
    check_lookups(request);
    FUZZ_PROMISE(request->body.data && request->body.data[request->body.size_bytes] == '\0');
}

/* cJSON's texts end at a NUL, so a text with one is only looked at up to there. */
static void check_body(const cJSON *json, struct shared_slice body)
{
    const char *sent = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "body"));
    FUZZ_PROMISE(sent != NULL);
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "isBase64Encoded"))) {
        FUZZ_PROMISE(strncmp(sent, body.data, body.size_bytes) == 0);
        return;
    }
    size_t size = 0;
    char *plain = malloc(shared_base64_decoded_bytes(strlen(sent)) + 1);
    if (!plain)
        abort();
    FUZZ_PROMISE(shared_base64_decode(plain, &size, shared_slice_from_text(sent)));
    FUZZ_PROMISE(shared_slice_equal(shared_slice_of(plain, size), body));
    free(plain);
}

static void check_answer(const struct shared_apigw_request *request, const struct shared_answer *answer,
                         struct shared_slice body)
{
    if (request->source == SHARED_APIGW_MAPPED) {
        FUZZ_PROMISE(shared_slice_equal(answer->body, body));
        return;
    }
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(answer->body.data, answer->body.size_bytes, &end, 0);
    FUZZ_PROMISE(json && end == answer->body.data + answer->body.size_bytes);
    FUZZ_PROMISE(shared_utf8_valid(answer->body.data, answer->body.size_bytes));
    FUZZ_PROMISE(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, "statusCode")) == 201);
    check_body(json, body);
    cJSON_Delete(json);
}

/* Everything that came goes back; names and values may be refused, the body alone is not but for its size. */
static void respond(const struct shared_apigw_request *request)
{
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    const char *cookie = request->path;
    struct shared_apigw_response response = {.status = 201,
                                             .content_type = shared_apigw_header(request, "content-type"),
                                             .headers = request->headers,
                                             .cookies = &cookie,
                                             .cookie_count = 1,
                                             .body = request->body};
    int code = shared_apigw_respond(request, &response, &answer, &err);
    FUZZ_PROMISE(code == 0 || code == SHARED_EINVAL || code == SHARED_ETOOBIG);
    if (code == 0)
        check_answer(request, &answer, request->body);

    response = (struct shared_apigw_response){.status = 201, .body = request->body};
    code = shared_apigw_respond(request, &response, &answer, &err);
    FUZZ_PROMISE(code == 0 || (code == SHARED_ETOOBIG && request->source == SHARED_APIGW_ALB));
    if (code == 0)
        check_answer(request, &answer, request->body);
}

static void raise_fault(const struct shared_apigw_request *request)
{
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    struct shared_fault fault = {.status = 201, .location = request->path, .body = request->body};
    int code = shared_fault_raise(request, &fault, &answer, &err);
    FUZZ_PROMISE(code == 0 || code == SHARED_EINVAL || code == SHARED_ETOOBIG || code == SHARED_EFAULT);
    FUZZ_PROMISE((code == SHARED_EFAULT) == (answer.failure.message.data != NULL));
    if (code == 0)
        check_answer(request, &answer, request->body);
    if (code != SHARED_EFAULT)
        return;
    cJSON *json = cJSON_ParseWithLength(answer.failure.message.data, answer.failure.message.size_bytes);
    FUZZ_PROMISE(json && !memchr(answer.failure.message.data, '\n', answer.failure.message.size_bytes));
    cJSON_Delete(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena;
    struct shared_apigw_request request;
    struct shared_error err = {0};
    shared_arena_init(&arena);
    int code = shared_apigw_request_read(&request, shared_slice_of(data, size), &arena, &err);
    if (code < 0) {
        FUZZ_PROMISE(code == SHARED_EPROTO && err.code == code && err.text[0]);
        FUZZ_PROMISE(request.body.data == NULL && request.path == NULL && request.arena == &arena);
    } else {
        check_request(&request);
        for (int source = SHARED_APIGW_REST; source <= SHARED_APIGW_MAPPED; source++) {
            request.source = (enum shared_apigw_source)source;
            respond(&request);
            raise_fault(&request);
        }
        request.source = SHARED_APIGW_ALB;
        request.multi_value = !request.multi_value;
        respond(&request);
    }
    shared_arena_clean_up(&arena);
    return 0;
}
