#include "check.h"

#include <shared/fault.h>

#include <cjson/cJSON.h>
#include <regex.h>

static struct shared_arena arena;

static struct shared_apigw_request request_of(enum shared_apigw_source source)
{
    return (struct shared_apigw_request){.source = source, .arena = &arena};
}

static void test_response(void)
{
    static const struct {
        enum shared_apigw_source source;
        const char *answer;
    } rows[] = {
        {SHARED_APIGW_REST,
         "{\"statusCode\":301,\"headers\":{\"Location\":\"https://cdn.example/v/42.m3u8\"},"
         "\"isBase64Encoded\":false,\"body\":\"\"}"},
        {SHARED_APIGW_HTTP,
         "{\"statusCode\":301,\"headers\":{\"Location\":\"https://cdn.example/v/42.m3u8\"},"
         "\"isBase64Encoded\":false,\"body\":\"\"}"},
        {SHARED_APIGW_URL, "{\"statusCode\":301,\"headers\":{\"Location\":\"https://cdn.example/v/42.m3u8\"},"
                           "\"isBase64Encoded\":false,\"body\":\"\"}"},
        {SHARED_APIGW_ALB,
         "{\"statusCode\":301,\"statusDescription\":\"301 Moved Permanently\",\"headers\":"
         "{\"Location\":\"https://cdn.example/v/42.m3u8\"},\"isBase64Encoded\":false,\"body\":\"\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of(rows[i].source);
        struct shared_answer answer = {.content_type = NULL};
        struct shared_error err = {0};
        CHECK_NUMBER(shared_fault_redirect(&request, 301, "https://cdn.example/v/42.m3u8", &answer, &err), 0);
        CHECK_SLICE(answer.body, rows[i].answer);
        CHECK(answer.failure.type == NULL);
    }
}

static void test_text_response(void)
{
    struct shared_apigw_request request = request_of(SHARED_APIGW_REST);
    struct shared_answer answer = {.content_type = NULL};
    CHECK_NUMBER(shared_fault_text(&request, 404, "no such title", &answer, NULL), 0);
    CHECK_SLICE(answer.body,
                "{\"statusCode\":404,\"headers\":{\"Content-Type\":\"text/plain; charset=utf-8\"},"
                "\"isBase64Encoded\":false,\"body\":\"no such title\"}");
}

/* The messages in the header's comment, and what must not break them. */
static void test_message(void)
{
    static const struct {
        struct shared_fault fault;
        const char *message;
    } rows[] = {
        {{.status = 301, .location = "https://cdn.example/v/42.m3u8"},
         "{\"status\":301,\"location\":\"https://cdn.example/v/42.m3u8\"}"},
        {{.status = 404, .body = SHARED_SLICE_LITERAL("no such title")},
         "{\"status\":404,\"contentType\":\"text/plain; charset=utf-8\",\"body\":\"no such title\"}"},
        {{.status = 500}, "{\"status\":500}"},
        {{.status = 599, .content_type = "image/png", .body = SHARED_SLICE_LITERAL("\x89PNG")},
         "{\"status\":599,\"contentType\":\"image/png\",\"bodyBase64\":\"iVBORw==\"}"},
        {{.status = 100,
          .content_type = "application/json",
          .body = SHARED_SLICE_LITERAL("{\"a\":\n\"b\"}\n\x01")},
         "{\"status\":100,\"contentType\":\"application/"
         "json\",\"body\":\"{\\\"a\\\":\\n\\\"b\\\"}\\n\\u0001\"}"},
        /* What ends a line for Java's regular expressions too, and what only looks like it. */
        {{.status = 404,
          .location = "/\xE2\x80\xA8",
          .body =
              SHARED_SLICE_LITERAL("\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA7\xC2\x84\xC3\xA9 \xC2\x85")},
         "{\"status\":404,\"location\":\"/\\u2028\",\"contentType\":\"text/plain; charset=utf-8\","
         "\"body\":\"\\u0085\\u2028\\u2029\xE2\x80\xA7\xC2\x84\xC3\xA9 \\u0085\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of(SHARED_APIGW_MAPPED);
        struct shared_answer answer = {.content_type = NULL};
        struct shared_error err = {0};
        CHECK_ROW(rows[i].message);
        CHECK_NUMBER(shared_fault_raise(&request, &rows[i].fault, &answer, &err), SHARED_EFAULT);
        CHECK_NUMBER(err.code, SHARED_EFAULT);
        CHECK_SLICE(answer.failure.message, rows[i].message);
        CHECK_TEXT(answer.failure.type, "Function.Fault");
        CHECK(answer.body.data == NULL);
        CHECK(memchr(answer.failure.message.data, '\n', answer.failure.message.size_bytes) == NULL);
        cJSON *json = cJSON_ParseWithLength(answer.failure.message.data, answer.failure.message.size_bytes);
        CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItem(json, "status")), rows[i].fault.status);
        cJSON_Delete(json);
    }
}

/* The selectionPattern of the header's comment, which must match the whole message, takes its status and no
 * other. */
static void test_pattern(void)
{
    static const int statuses[] = {301, 302, 404};
    static const char *const locations[] = {"/a", NULL};
    for (size_t i = 0; i < 3; i++) {
        char pattern[64];
        regex_t regex;
        snprintf(pattern, sizeof pattern, "^\\{\"status\":%d[,}].*$", statuses[i]);
        if (!CHECK_NUMBER(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0))
            return;
        for (size_t j = 0; j < 3; j++) {
            for (size_t k = 0; k < 2; k++) {
                struct shared_apigw_request request = request_of(SHARED_APIGW_MAPPED);
                struct shared_answer answer = {.content_type = NULL};
                struct shared_fault fault = {.status = statuses[j], .location = locations[k]};
                CHECK_NUMBER(shared_fault_raise(&request, &fault, &answer, NULL), SHARED_EFAULT);
                const char *message = shared_arena_copy(&arena, answer.failure.message);
                CHECK_NUMBER(regexec(&regex, message, 0, NULL, 0) == 0, i == j);
            }
        }
        regfree(&regex);
    }
}

static void test_refused(void)
{
    static const struct {
        const char *name;
        struct shared_fault fault;
        const char *message;
    } rows[] = {
        {"status 0", {.status = 0}, "status 0 is not"},
        {"status 99", {.status = 99}, "status 99 is not"},
        {"status 600", {.status = 600}, "status 600 is not"},
        {"location",
         {.status = 301, .location = "/\r\nSet-Cookie: a=1"},
         "Location holds a control character"},
        {"location bytes", {.status = 301, .location = "/\xFF"}, "Location is not UTF-8"},
        {"type", {.status = 404, .content_type = "a\nb"}, "Content-Type holds a control character"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].name);
        for (int source = SHARED_APIGW_REST; source <= SHARED_APIGW_MAPPED; source++) {
            struct shared_apigw_request request = request_of((enum shared_apigw_source)source);
            struct shared_answer answer = {.content_type = NULL};
            struct shared_error err = {0};
            CHECK_NUMBER(shared_fault_raise(&request, &rows[i].fault, &answer, &err), SHARED_EINVAL);
            CHECK_MESSAGE(&err, rows[i].message);
            CHECK(answer.failure.type == NULL && answer.body.data == NULL);
        }
    }
}

/* A text longer than an error's goes out whole all the same. */
static void test_long_body(void)
{
    char text[4001];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct shared_apigw_request request = request_of(SHARED_APIGW_MAPPED);
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    CHECK_NUMBER(shared_fault_text(&request, 400, text, &answer, &err), SHARED_EFAULT);
    CHECK(answer.failure.message.size_bytes > 4000);
    CHECK_MESSAGE(&err, "\"status\":400");
}

int main(void)
{
    CHECK_RUN(test_response);
    CHECK_RUN(test_text_response);
    CHECK_RUN(test_message);
    CHECK_RUN(test_pattern);
    CHECK_RUN(test_refused);
    CHECK_RUN(test_long_body);
    shared_arena_clean_up(&arena);
    return check_report();
}
