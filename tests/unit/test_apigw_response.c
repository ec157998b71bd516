#include "check.h"

#include <shared/apigw.h>

#include <cjson/cJSON.h>
#include <stdlib.h>

static struct shared_arena arena;

/* A request as far as a response looks at it. */
static struct shared_apigw_request request_of(enum shared_apigw_source source, bool multi_value)
{
    return (struct shared_apigw_request){.source = source, .multi_value = multi_value, .arena = &arena};
}

static const struct shape {
    const char *name;
    enum shared_apigw_source source;
    bool multi_value;
} shapes[] = {
    {"rest", SHARED_APIGW_REST, false},    {"http", SHARED_APIGW_HTTP, false},
    {"url", SHARED_APIGW_URL, false},      {"alb", SHARED_APIGW_ALB, false},
    {"alb multi", SHARED_APIGW_ALB, true},
};

/* The answer, parsed and printed again: what a service reads. */
static const char *answer_text(const struct shared_answer *answer)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(answer->body.data, answer->body.size_bytes, &end, 0);
    if (!CHECK(json != NULL))
        return NULL;
    CHECK(end == answer->body.data + answer->body.size_bytes);
    char *text = cJSON_PrintUnformatted(json);
    const char *copy = shared_arena_copy(&arena, shared_slice_from_text(text));
    cJSON_free(text);
    cJSON_Delete(json);
    return copy;
}

static const char *respond(const struct shape *shape, const struct shared_apigw_response *response)
{
    struct shared_apigw_request request = request_of(shape->source, shape->multi_value);
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    if (!CHECK_NUMBER(shared_apigw_respond(&request, response, &answer, &err), 0)) {
        fprintf(stderr, "    %s\n", err.text);
        return NULL;
    }
    return answer_text(&answer);
}

static void test_plain(void)
{
    static const char *const expected[] = {
        "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"application/json\"},"
        "\"isBase64Encoded\":false,\"body\":\"{\\\"a\\\":1}\"}",
        "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"application/json\"},"
        "\"isBase64Encoded\":false,\"body\":\"{\\\"a\\\":1}\"}",
        "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"application/json\"},"
        "\"isBase64Encoded\":false,\"body\":\"{\\\"a\\\":1}\"}",
        "{\"statusCode\":200,\"statusDescription\":\"200 "
        "OK\",\"headers\":{\"Content-Type\":\"application/json\"},"
        "\"isBase64Encoded\":false,\"body\":\"{\\\"a\\\":1}\"}",
        "{\"statusCode\":200,\"statusDescription\":\"200 OK\",\"multiValueHeaders\":{\"Content-Type\":"
        "[\"application/json\"]},\"isBase64Encoded\":false,\"body\":\"{\\\"a\\\":1}\"}",
    };
    struct shared_apigw_response response = {.body = SHARED_SLICE_LITERAL("{\"a\":1}")};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        CHECK_ROW(shapes[i].name);
        CHECK_TEXT(respond(&shapes[i], &response), expected[i]);
    }
}

/* A name that repeats in other case, a Set-Cookie among the headers, and cookies. */
static void test_repeated_headers_and_cookies(void)
{
    static const char *const expected[] = {
        "{\"statusCode\":404,\"headers\":{\"Content-Type\":\"text/plain\"},\"multiValueHeaders\":{\"Vary\":"
        "[\"Accept\",\"Origin\",\"Cookie\"],\"Set-Cookie\":[\"a=1\",\"b=2; Secure\"]},"
        "\"isBase64Encoded\":false,\"body\":\"\"}",
        "{\"statusCode\":404,\"headers\":{\"Vary\":\"Accept, Origin, "
        "Cookie\",\"Content-Type\":\"text/plain\"},"
        "\"cookies\":[\"a=1\",\"b=2; Secure\"],\"isBase64Encoded\":false,\"body\":\"\"}",
        "{\"statusCode\":404,\"headers\":{\"Vary\":\"Accept, Origin, "
        "Cookie\",\"Content-Type\":\"text/plain\"},"
        "\"cookies\":[\"a=1\",\"b=2; Secure\"],\"isBase64Encoded\":false,\"body\":\"\"}",
        NULL,
        "{\"statusCode\":404,\"statusDescription\":\"404 Not Found\",\"multiValueHeaders\":{\"Vary\":"
        "[\"Accept\",\"Origin\",\"Cookie\"],\"Set-Cookie\":[\"a=1\",\"b=2; Secure\"],"
        "\"Content-Type\":[\"text/plain\"]},\"isBase64Encoded\":false,\"body\":\"\"}",
    };
    static const struct shared_apigw_pair headers[] = {
        {"Vary", "Accept"}, {"vary", "Origin"}, {"Set-Cookie", "a=1"}, {"VARY", "Cookie"}};
    static const char *const cookies[] = {"b=2; Secure"};
    struct shared_apigw_response response = {.status = 404,
                                             .content_type = "text/plain",
                                             .headers = {headers, 4},
                                             .cookies = cookies,
                                             .cookie_count = 1};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        CHECK_ROW(shapes[i].name);
        if (expected[i])
            CHECK_TEXT(respond(&shapes[i], &response), expected[i]);
    }

    struct shared_apigw_request alb = request_of(SHARED_APIGW_ALB, false);
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    CHECK_ROW("alb");
    CHECK_NUMBER(shared_apigw_respond(&alb, &response, &answer, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "2 cookies");
    CHECK_MESSAGE(&err, "lambda.multi_value_headers.enabled");
    CHECK(answer.body.data == NULL);
    response.cookie_count = 0;
    CHECK_TEXT(respond(&shapes[3], &response),
               "{\"statusCode\":404,\"statusDescription\":\"404 Not Found\",\"headers\":{\"Vary\":"
               "\"Accept, Origin, Cookie\",\"Set-Cookie\":\"a=1\",\"Content-Type\":\"text/plain\"},"
               "\"isBase64Encoded\":false,\"body\":\"\"}");
}

static void test_nothing(void)
{
    struct shared_apigw_response response = {.status = 204};
    CHECK_TEXT(respond(&shapes[0], &response),
               "{\"statusCode\":204,\"isBase64Encoded\":false,\"body\":\"\"}");
    CHECK_TEXT(respond(&shapes[4], &response), "{\"statusCode\":204,\"statusDescription\":\"204 No Content\","
                                               "\"isBase64Encoded\":false,\"body\":\"\"}");
}

static void test_content_type_among_headers(void)
{
    static const struct shared_apigw_pair headers[] = {{"content-type", "image/png"}};
    struct shared_apigw_response response = {
        .content_type = "text/plain", .headers = {headers, 1}, .body = SHARED_SLICE_LITERAL("abc")};
    CHECK_TEXT(respond(&shapes[0], &response),
               "{\"statusCode\":200,\"headers\":{\"content-type\":\"image/png\"},"
               "\"isBase64Encoded\":true,\"body\":\"YWJj\"}");
}

/* Which bodies go as text, and that all of them come back as they were. */
static void test_bodies(void)
{
    static const struct {
        const char *type;
        struct shared_slice body;
        const char *sent; /* as text, or NULL: base64 */
        const char *base64;
    } rows[] = {
        {"text/html; charset=utf-8", SHARED_SLICE_LITERAL("<p>\xC3\xA9\"\\\n\t\x01</p>"),
         "<p>\xC3\xA9\"\\\n\t\x01</p>", NULL},
        {"text/html", SHARED_SLICE_LITERAL("\xE9"), NULL, "6Q=="},
        {"application/json", SHARED_SLICE_LITERAL("[\xC3\xA9]"), "[\xC3\xA9]", NULL},
        {"application/json", SHARED_SLICE_LITERAL("\xED\xA0\x80"), NULL, "7aCA"},
        {"application/octet-stream", SHARED_SLICE_LITERAL("abcd"), NULL, "YWJjZA=="},
        {"image/svg+xml", SHARED_SLICE_LITERAL("<svg/>"), "<svg/>", NULL},
        {"image/png", SHARED_SLICE_LITERAL("\x89PNG\0\0"), NULL, "iVBORwAA"},
        {"image/png", SHARED_SLICE_LITERAL(""), "", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].type);
        struct shared_apigw_response response = {.content_type = rows[i].type, .body = rows[i].body};
        for (size_t j = 0; j < sizeof shapes / sizeof *shapes; j++) {
            const char *text = respond(&shapes[j], &response);
            cJSON *json = text ? cJSON_Parse(text) : NULL;
            if (!CHECK(json != NULL))
                continue;
            bool is_base64 = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "isBase64Encoded"));
            CHECK_NUMBER(is_base64, !rows[i].sent);
            CHECK_TEXT(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "body")),
                       rows[i].sent ? rows[i].sent : rows[i].base64);
            cJSON_Delete(json);
        }
    }
}

static void test_mapped(void)
{
    struct shared_apigw_request request = request_of(SHARED_APIGW_MAPPED, false);
    struct shared_answer answer = {.content_type = NULL};
    char body[] = "{\"a\":1}";
    struct shared_apigw_response response = {.status = 404, .body = {body, sizeof body - 1}};
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, NULL), 0);
    memset(body, 'x', sizeof body);
    CHECK_SLICE(answer.body, "{\"a\":1}");
    CHECK_TEXT(answer.content_type, NULL);
    response.content_type = "text/plain";
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, NULL), 0);
    CHECK_TEXT(answer.content_type, "text/plain");
}

static void test_refused(void)
{
    static const struct {
        const char *name;
        int status;
        const char *content_type;
        struct shared_apigw_pair header;
        const char *cookie;
        const char *message;
    } rows[] = {
        {"status low", 99, NULL, {"a", ""}, "", "status 99"},
        {"status high", 600, NULL, {"a", ""}, "", "status 600 is not an HTTP status, 100 to 599"},
        {"status negative", -200, NULL, {"a", ""}, "", "status -200"},
        {"CRLF in value",
         200,
         NULL,
         {"Location", "/a\r\nSet-Cookie: b=1"},
         "",
         "Location holds a control character"},
        {"LF in value", 200, NULL, {"X-A", "b\n"}, "", "control character"},
        {"NUL-like in value", 200, NULL, {"X-A", "\x01"}, "", "control character"},
        {"DEL in value", 200, NULL, {"X-A", "\x7F"}, "", "control character"},
        {"Latin-1 in value", 200, NULL, {"X-A", "caf\xE9"}, "", "not UTF-8"},
        {"CRLF in name", 200, NULL, {"a\r\nb", ""}, "", "is not a token"},
        {"colon in name", 200, NULL, {"a:b", ""}, "", "is not a token"},
        {"space in name", 200, NULL, {"a ", ""}, "", "is not a token"},
        {"letter in name", 200, NULL, {"\xC3\xA9", ""}, "", "is not a token"},
        {"empty name", 200, NULL, {"", ""}, "", "is not a token"},
        {"no name", 200, NULL, {NULL, ""}, "", "is not a token"},
        {"no value", 200, NULL, {"X-A", NULL}, "", "X-A has no value"},
        {"CRLF in cookie", 200, NULL, {"a", ""}, "a=1\r\nX: y", "Set-Cookie holds a control character"},
        {"no cookie", 200, NULL, {"a", ""}, NULL, "Set-Cookie has no value"},
        {"LF in type", 200, "text/plain\nX: y", {"a", ""}, "", "Content-Type holds a control character"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].name);
        struct shared_apigw_response response = {.status = rows[i].status,
                                                 .content_type = rows[i].content_type,
                                                 .headers = {&rows[i].header, 1},
                                                 .cookies = &rows[i].cookie,
                                                 .cookie_count = 1};
        for (int source = SHARED_APIGW_REST; source <= SHARED_APIGW_MAPPED; source++) {
            struct shared_apigw_request request = request_of((enum shared_apigw_source)source, false);
            struct shared_answer answer = {.content_type = NULL};
            struct shared_error err = {0};
            CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, &err), SHARED_EINVAL);
            CHECK_MESSAGE(&err, rows[i].message);
            CHECK(answer.body.data == NULL);
        }
    }
}

static void test_status_of_alb(void)
{
    static const struct {
        int status;
        const char *description;
    } rows[] = {{100, "100 Continue"},      {203, "203 Non-Authoritative Information"},
                {299, "299 Successful"},    {302, "302 Found"},
                {418, "418 Client Error"},  {599, "599 Server Error"},
                {199, "199 Informational"}, {399, "399 Redirection"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_response response = {.status = rows[i].status};
        CHECK_ROW(rows[i].description);
        CHECK_TEXT(
            respond(&shapes[3], &response),
            shared_arena_format(&arena,
                                "{\"statusCode\":%d,\"statusDescription\":\"%s\",\"isBase64Encoded\":false,"
                                "\"body\":\"\"}",
                                rows[i].status, rows[i].description));
    }
}

/* The largest body that a load balancer takes, and one byte more. */
static void test_size_of_alb(void)
{
    struct shared_apigw_request request = request_of(SHARED_APIGW_ALB, false);
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    struct shared_apigw_response response = {.content_type = "text/plain", .body = SHARED_SLICE_LITERAL("x")};
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, &err), 0);
    size_t most = SHARED_APIGW_ALB_LIMIT_BYTES - answer.body.size_bytes + 1;
    char *body = malloc(most + 1);
    if (!body)
        exit(2);
    memset(body, 'x', most + 1);
    response.body = shared_slice_of(body, most);
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, &err), 0);
    CHECK_NUMBER(answer.body.size_bytes, SHARED_APIGW_ALB_LIMIT_BYTES);
    response.body = shared_slice_of(body, most + 1);
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "1048577 bytes of JSON; a load balancer takes 1048576");
    response.content_type = "image/png";
    response.body = shared_slice_of(body, SHARED_APIGW_ALB_LIMIT_BYTES * 3 / 4);
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, &err), SHARED_ETOOBIG);
    request.source = SHARED_APIGW_REST;
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, &err), 0);
    free(body);
}

static void test_is_text(void)
{
    static const struct {
        const char *type;
        bool is_text;
    } rows[] = {
        {"text/plain", true},
        {"TEXT/VTT", true},
        {"application/json", true},
        {"Application/JSON ; charset=utf-8", true},
        {"application/javascript", true},
        {"application/xml", true},
        {"application/yaml", true},
        {"application/problem+json", true},
        {"image/svg+xml;charset=x", true},
        {"application/vnd.x+YAML", true},
        {"application/jsonp", false},
        {"application/json5", false},
        {"application/octet-stream", false},
        {"application/octet-stream; a=+json", false},
        {"image/png", false},
        {"textual/plain", false},
        {"text", false},
        {"json", false},
        {"", false},
        {";", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].type);
        CHECK_NUMBER(shared_apigw_is_text(rows[i].type), rows[i].is_text);
    }
    CHECK(!shared_apigw_is_text(NULL));
}

int main(void)
{
    CHECK_RUN(test_plain);
    CHECK_RUN(test_repeated_headers_and_cookies);
    CHECK_RUN(test_nothing);
    CHECK_RUN(test_content_type_among_headers);
    CHECK_RUN(test_bodies);
    CHECK_RUN(test_mapped);
    CHECK_RUN(test_refused);
    CHECK_RUN(test_status_of_alb);
    CHECK_RUN(test_size_of_alb);
    CHECK_RUN(test_is_text);
    shared_arena_clean_up(&arena);
    return check_report();
}
